//! Windows of every station in every language, scheme and size.

use i_slint_backend_testing::ElementRoot;
use slint::{ComponentHandle, Global};

use super::sheets::Sheets;
use super::{approved, fits, shown};
use crate::generated::{Fit, Icons, Theme, Words as WordsGlobal};
use crate::look::{self, Canvas, Look, Scheme};
use crate::plumbing;
use crate::words;

/// How a window is shown in a test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dress {
    pub(crate) language: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) size: (u32, u32),
}

impl Dress {
    /// Every language, scheme and size.
    pub(crate) fn all(sizes: &[(u32, u32)]) -> Vec<Self> {
        let schemes = [Scheme::Light, Scheme::Dark, Scheme::HighContrast];
        let mut all = Vec::new();
        for size in sizes {
            for scheme in schemes {
                all.extend(words::languages().map(|language| Self { language, scheme, size: *size }));
            }
        }
        all
    }

    /// Whether its pictures are kept: every language in the light scheme and every scheme in Vietnamese at the first
    /// size, and the other sizes once. The rest differs by words or colours alone, and is measured all the same.
    fn kept(self, first: (u32, u32)) -> bool {
        let light_or_own = self.scheme == Scheme::Light || self.language == "vi";
        light_or_own && (self.size == first || (self.scheme == Scheme::Light && self.language == "vi"))
    }

    fn name(self) -> String {
        format!("{}-{}-{}x{}", self.language, self.scheme_name(), self.size.0, self.size.1)
    }

    fn scheme_name(self) -> &'static str {
        match self.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
            Scheme::HighContrast => "high-contrast",
        }
    }

    /// Shows a window so.
    pub(crate) fn on<W>(self, window: &W, canvas: Canvas)
    where
        W: ComponentHandle + 'static,
        for<'a> Theme<'a>: Global<'a, W>,
        for<'a> Fit<'a>: Global<'a, W>,
        for<'a> WordsGlobal<'a>: Global<'a, W>,
        for<'a> Icons<'a>: Global<'a, W>,
    {
        plumbing::connect_words(window, self.language);
        look::connect(window, &Look { scheme: self.scheme, motion: false, ..Look::default() }, canvas);
        shown(window, self.size);
        look::fit::now(window);
    }

    /// Measures what the window shows, and compares it with the approved picture where one is kept.
    pub(crate) fn check<W>(self, window: &W, page: &str, first: (u32, u32))
    where
        W: ComponentHandle + ElementRoot,
    {
        self.look_at(window, page, first);
        let wrong = fits::misfits(window);
        assert!(wrong.is_empty(), "{page} {}: {wrong:#?}", self.name());
    }

    /// Only compares, for pages that are full to the brim on purpose.
    pub(crate) fn look_at<W>(self, window: &W, page: &str, first: (u32, u32))
    where
        W: ComponentHandle + ElementRoot,
    {
        if self.kept(first) {
            approved::same(window, &format!("{page}-{}", self.name()));
        }
    }
}

/// Fails after all pictures of a test were drawn, with everything that is wrong, so that one run shows all.
#[derive(Default)]
pub(crate) struct Findings {
    found: Vec<String>,
    sheets: Sheets,
}

impl Findings {
    /// Checks a page in a dress, and puts it on the page's sheet of that scheme.
    pub(crate) fn page<W>(&mut self, dress: Dress, window: &W, page: &str, first: (u32, u32))
    where
        W: ComponentHandle + ElementRoot,
    {
        self.of(|| dress.check(window, page, first));
        self.sheets.add(window, format!("{page}-{}", dress.scheme_name()), dress.name());
    }

    /// Notes what a check says when it fails.
    pub(crate) fn of(&mut self, check: impl FnOnce()) {
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(check));
        if let Err(panic) = caught {
            let text = panic.downcast_ref::<String>().cloned();
            self.found.push(text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default());
        }
    }
}

impl Drop for Findings {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.found.append(&mut std::mem::take(&mut self.sheets).differing());
            assert!(self.found.is_empty(), "{} findings:\n{}", self.found.len(), self.found.join("\n"));
        }
    }
}
