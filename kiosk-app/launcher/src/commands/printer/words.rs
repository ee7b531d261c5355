//! What a person looks for on each test strip, in Vietnamese and English.

use ticket_printer::encode::Strip;

/// What is there when the strip is right.
pub(super) fn right_when(strip: Strip) -> String {
    let words = match strip {
        Strip::Width(dots) => {
            return format!("thước {dots} điểm: thấy vạch đậm ở cả hai đầu / ruler: a thick mark at both ends");
        }
        Strip::Columns(count) => {
            return format!("{count} cột: chữ số và dấu # nằm trên một dòng / digits and # stand on one line");
        }
        Strip::Letters(pages) => {
            let pages = [
                ("TCVN-3", pages.tcvn3_lower),
                ("TCVN 5712", pages.tcvn),
                ("VISCII", pages.viscii),
                ("CP1258", pages.cp1258_composing),
            ];
            let (name, page) =
                pages.into_iter().find_map(|(name, page)| Some((name, page?))).unwrap_or(("chữ / letters", 0));
            return format!(
                "{name}, trang / page {page}: hai dòng cùng chữ, đủ dấu / both lines have the same letters and marks"
            );
        }
        Strip::UserCharacters => "hai hàng, mỗi hàng ba ô đứng / two rows of three upright frames",
        Strip::StoredGraphics => "một khung vuông / a square frame",
        Strip::Qr => "một mã QR đọc ra 12345678 / a QR code that reads 12345678",
        Strip::Barcode => "một mã vạch có số 12345678 bên dưới / a bar code with 12345678 below",
        Strip::Centre => "khung vuông nằm giữa giấy / the frame stands in the middle of the paper",
        Strip::Doubled => "hai khung vuông bằng nhau / two frames of the same size",
        Strip::MotionUnits => "chỉ có chữ OK / the letters OK and nothing else",
        Strip::PartialCut => "giấy bị cắt, còn dính một điểm / the paper is cut and hangs at one point",
        Strip::FullCut => "giấy bị cắt rời / the paper is cut off whole",
    };
    words.to_owned()
}
