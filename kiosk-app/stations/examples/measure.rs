//! tmp
fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let hub = client::Hub::new(&arguments[1], None).unwrap();
    let kind = stations::Kind::Kiosk(stations::kiosk::KioskOptions::new("kiosk-1"));
    struct P;
    impl tracing::Subscriber for P {
        fn enabled(&self, m: &tracing::Metadata<'_>) -> bool {
            m.target().starts_with("stations")
        }
        fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
            tracing::span::Id::from_u64(1)
        }
        fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
        fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
        fn event(&self, e: &tracing::Event<'_>) {
            struct V;
            impl tracing::field::Visit for V {
                fn record_debug(&mut self, f: &tracing::field::Field, v: &dyn std::fmt::Debug) {
                    eprintln!("{f}={v:?}");
                }
            }
            e.record(&mut V);
        }
        fn enter(&self, _: &tracing::span::Id) {}
        fn exit(&self, _: &tracing::span::Id) {}
    }
    tracing::subscriber::set_global_default(P).unwrap();
    if let Err(e) = stations::run(vec![kind], &hub, runtime.handle(), false) {
        eprintln!("ERR {e}");
        std::process::exit(2)
    }
}
