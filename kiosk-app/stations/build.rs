//! Compiles the Slint files. Debug information keeps element names and labels, which tests and the demo click by.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = slint_build::CompilerConfiguration::new().with_debug_info(true);
    slint_build::compile_with_config("ui/stations.slint", config)?;
    // The translations are compiled in by `include_str!`; a changed file must rebuild the crate.
    println!("cargo:rerun-if-changed=../../assets/lang");
    println!("cargo:rerun-if-changed=../../assets/icons");
    Ok(())
}
