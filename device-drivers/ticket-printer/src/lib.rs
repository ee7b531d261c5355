//! ESC/POS ticket printers.
