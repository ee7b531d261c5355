//! Does every text fit its box? Measured from the window's own items after layout: no text is cut or elided, none leaves
//! its card or the window, no two lie on each other; what is touched is large enough for a finger, what is read for an eye.

use std::ops::ControlFlow;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery, ElementRoot};
use i_slint_core::items::{
    BasicBorderRectangle, BorderRectangle, ComplexText, ItemRc, Rectangle, SimpleText, TextHorizontalAlignment,
    TextVerticalAlignment, TextWrap,
};
use i_slint_core::layout::Orientation;
use i_slint_core::lengths::{LogicalPoint, LogicalRect, LogicalSize};
use i_slint_core::window::WindowInner;
use slint::ComponentHandle;

/// Less is rounding.
const SLACK: f32 = 2.0;
/// Capital letters in parts of the font size (Be Vietnam Pro).
const CAPITAL: f32 = 0.74;
const MM: f32 = 25.4;

/// A text as it lies in the window.
struct Line {
    text: String,
    /// Where its letters are.
    ink: LogicalRect,
    font_size: f32,
    item: ItemRc,
}

/// Everything wrong with the texts of a window; empty when all fit.
pub(crate) fn misfits<W: ComponentHandle>(window: &W) -> Vec<String> {
    let inner = WindowInner::from_pub(window.window());
    let root = ItemRc::new_root(inner.component());
    let whole = LogicalRect::new(LogicalPoint::default(), root.geometry().size);
    let mut wrong = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    root.visit_descendants(|item| -> ControlFlow<()> {
        if item.is_visible()
            && let Some(line) = line(item, window, &mut wrong)
        {
            leaves(&line, whole, &mut wrong);
            lines.push(line);
        }
        ControlFlow::Continue(())
    });
    for (at, one) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            let common = one.ink.intersection(&other.ink);
            if common.is_some_and(|c| c.size.width > SLACK && c.size.height > 0.25 * one.font_size.min(other.font_size))
            {
                wrong.push(format!("`{}` and `{}` lie on each other", one.text, other.text));
            }
        }
    }
    wrong
}

/// A text item, measured; what is cut is noted.
fn line<W: ComponentHandle>(item: &ItemRc, window: &W, wrong: &mut Vec<String>) -> Option<Line> {
    let adapter = WindowInner::from_pub(window.window()).window_adapter();
    let size = item.geometry().size;
    macro_rules! measured {
        ($text:expr) => {{
            let text = $text;
            let text = text.as_pin_ref();
            let width = i_slint_core::items::Item::layout_info(text, Orientation::Horizontal, -1.0, &adapter, item);
            let height =
                i_slint_core::items::Item::layout_info(text, Orientation::Vertical, size.width, &adapter, item);
            (text.text().to_string(), width.preferred, height.preferred, text.font_size().get())
        }};
    }
    let (text, width, height, mut font_size, wraps, horizontal, vertical, lines) =
        if let Some(text) = item.downcast::<SimpleText>() {
            let (horizontal, vertical) = {
                let text = text.as_pin_ref();
                (text.horizontal_alignment(), text.vertical_alignment())
            };
            let (text, width, height, size) = measured!(text);
            (text, width, height, size, false, horizontal, vertical, 0)
        } else {
            let text = item.downcast::<ComplexText>()?;
            let (horizontal, vertical) = {
                let text = text.as_pin_ref();
                (text.horizontal_alignment(), text.vertical_alignment())
            };
            let (wraps, lines) = {
                let text = text.as_pin_ref();
                (text.wrap() != TextWrap::NoWrap, text.max_lines())
            };
            let (text, width, height, size) = measured!(text);
            (text, width, height, size, wraps, horizontal, vertical, lines)
        };
    if text.trim().is_empty() {
        return None;
    }
    if font_size == 0.0 {
        font_size = height / 1.265;
    }
    if !wraps && width > size.width + SLACK {
        wrong.push(format!("`{text}` is cut: {width} wide in {}", size.width));
    }
    if height > size.height + 0.3 * font_size {
        wrong.push(format!("`{text}` is cut: {height} high in {}", size.height));
    }
    let by_words = text.contains('\n') && width <= size.width + SLACK;
    if wraps && lines > 0 && width > size.width + SLACK && !by_words {
        #[expect(clippy::cast_precision_loss, reason = "a few lines")]
        let room = lines as f32 * size.width;
        // Lines that are broken by words hold less than their width.
        if width > room * 0.92 {
            wrong.push(format!("`{text}` is cut: {width} long in {lines} lines of {}", size.width));
        }
    }
    let letters = LogicalSize::new(width.min(size.width), height.min(size.height));
    let x = match horizontal {
        TextHorizontalAlignment::Center => (size.width - letters.width) / 2.0,
        TextHorizontalAlignment::Right | TextHorizontalAlignment::End => size.width - letters.width,
        _ => 0.0,
    };
    let y = match vertical {
        TextVerticalAlignment::Center => (size.height - letters.height) / 2.0,
        TextVerticalAlignment::Bottom => size.height - letters.height,
        _ => 0.0,
    };
    let place = item.map_to_window(item.geometry().origin);
    let ink = LogicalRect::new(LogicalPoint::new(place.x + x, place.y + y), letters);
    let ink = in_sight(item, ink)?;
    Some(Line { text, ink, font_size, item: item.clone() })
}

/// The part of a text that the lists around it let through; none when it is scrolled out of sight.
fn in_sight(item: &ItemRc, mut ink: LogicalRect) -> Option<LogicalRect> {
    let mut item = item.clone();
    while let Some(parent) = item.parent_item(i_slint_core::item_tree::ParentItemTraversalMode::StopAtPopups) {
        if parent.downcast::<i_slint_core::items::Flickable>().is_some() {
            let sight = LogicalRect::new(parent.map_to_window(parent.geometry().origin), parent.geometry().size);
            ink = ink.intersection(&sight)?;
        }
        item = parent;
    }
    Some(ink)
}

/// Notes when a text leaves the window or a card that it stands on.
fn leaves(line: &Line, whole: LogicalRect, wrong: &mut Vec<String>) {
    if !whole.inflate(SLACK, SLACK).contains_rect(&line.ink) {
        wrong.push(format!("`{}` leaves the window: {:?}", line.text, line.ink));
    }
    let mut item = line.item.clone();
    while let Some(parent) = item.parent_item(i_slint_core::item_tree::ParentItemTraversalMode::StopAtPopups) {
        let drawn = parent.downcast::<BorderRectangle>().is_some()
            || parent.downcast::<BasicBorderRectangle>().is_some()
            || parent.downcast::<Rectangle>().is_some();
        let size = parent.geometry().size;
        if drawn && size.width > 0.0 && size.height > 0.0 {
            let card = LogicalRect::new(parent.map_to_window(parent.geometry().origin), size);
            // Lines have some air above and below their letters.
            let air = line.font_size * 0.2;
            if !card.inflate(SLACK, SLACK + air).contains_rect(&line.ink) {
                wrong.push(format!("`{}` leaves its card: {:?} on {card:?}", line.text, line.ink));
                return;
            }
        }
        item = parent;
    }
}

/// Buttons smaller than `least` mm on a screen of `dpi` pixels an inch.
pub(crate) fn small_buttons<W: ComponentHandle + ElementRoot>(window: &W, dpi: f32, least: f32) -> Vec<String> {
    let scale = window.window().scale_factor();
    let button = |e: &ElementHandle| e.accessible_role() == Some(AccessibleRole::Button);
    let buttons = ElementQuery::from_root(window).match_descendants().match_predicate(button).find_all();
    assert!(!buttons.is_empty(), "no button was found to measure");
    let mm = |pixels: f32| pixels * scale / dpi * MM;
    let small = buttons.iter().filter(|b| mm(b.size().width) < least || mm(b.size().height) < least);
    small
        .map(|b| {
            let label = b.accessible_label().unwrap_or_default();
            format!("`{label}` is {:.1} x {:.1} mm", mm(b.size().width), mm(b.size().height))
        })
        .collect()
}

/// Buttons that begin above the middle of the window, out of low reach.
pub(crate) fn high_buttons<W: ComponentHandle + ElementRoot>(window: &W) -> Vec<String> {
    let middle = window.window().size().to_logical(window.window().scale_factor()).height / 2.0;
    let button = |e: &ElementHandle| e.accessible_role() == Some(AccessibleRole::Button);
    let buttons = ElementQuery::from_root(window).match_descendants().match_predicate(button).find_all();
    let high = buttons.iter().filter(|b| b.absolute_position().y < middle - SLACK);
    high.map(|b| format!("`{}` is in the upper half", b.accessible_label().unwrap_or_default())).collect()
}

/// Texts whose capitals are lower than `least` mm, apart from `exempt`.
pub(crate) fn small_letters<W: ComponentHandle>(window: &W, dpi: f32, least: f32, exempt: &str) -> Vec<String> {
    let root = ItemRc::new_root(WindowInner::from_pub(window.window()).component());
    let (scale, mut small) = (window.window().scale_factor(), Vec::new());
    root.visit_descendants(|item| -> ControlFlow<()> {
        if let Some(line) = Some(item).filter(|i| i.is_visible()).and_then(|i| line(i, window, &mut Vec::new())) {
            let capitals = line.font_size * CAPITAL * scale / dpi * MM;
            if capitals < least && (exempt.is_empty() || !line.text.starts_with(exempt)) {
                small.push(format!("`{}` has capitals of {capitals:.1} mm", line.text));
            }
        }
        ControlFlow::Continue(())
    });
    small
}

/// Height of the capitals of a text in pixels of the screen; 0 when it is not there.
pub(crate) fn capitals_of<W: ComponentHandle>(window: &W, text: &str) -> f32 {
    let root = ItemRc::new_root(WindowInner::from_pub(window.window()).component());
    let (scale, mut found) = (window.window().scale_factor(), 0.0);
    root.visit_descendants(|item| -> ControlFlow<()> {
        let line = Some(item).filter(|i| i.is_visible()).and_then(|i| line(i, window, &mut Vec::new()));
        if let Some(line) = line.filter(|l| l.text == text) {
            found = line.font_size * CAPITAL * scale;
        }
        ControlFlow::Continue(())
    });
    found
}
