//! The profiles that come with the program. Adding one is a file and a line here.

macro_rules! profiles {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../config/profiles/printers/", $name, ".toml")))),*]
    };
}

/// Name and TOML of each built-in profile.
pub const BUILT_IN: &[(&str, &str)] = profiles![
    "unknown-80mm",
    "unknown-58mm",
    "bixolon-srp-s300",
    "citizen-ct-s651",
    "epson-tm-m30iii",
    "epson-tm-t20iii",
    "epson-tm-t88iv",
    "epson-tm-t88v",
    "netum-nt-80",
    "pos-5890",
    "rongta-rp326",
    "xprinter-q200",
    "xprinter-r200",
    "zywell-q821",
];
