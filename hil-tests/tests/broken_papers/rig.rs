//! A driver and a virtual printer with a wire between them that can be told at which byte of a job to fail.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hil_tests::virtual_printer::{Bitmap, DirectPrinter, Model, VirtualPrinter};
use kit::link::LinkErrorKind;
use kit::{LifeCycle, Link, LinkError, Opener};
use ticket_printer::{Page, PrintOutcome, PrinterProfile, TicketPrinter, encode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_serial::SerialPortBuilderExt;
use tokio_util::sync::CancellationToken;

/// Longest wait for anything, far beyond what it needs.
const LIMIT: Duration = Duration::from_secs(60);
/// Longest question of an idle driver.
const QUESTION: usize = 3;
/// How long a printer is without power on a wire that outlives it: what is sent meanwhile is lost.
const OFF: Duration = Duration::from_millis(1500);
/// Bytes that the wire holds for the driver: a whole job.
const WIRE: usize = 64 * 1024;

/// What breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The cable comes out and is plugged in again; the printer lives on.
    Cable,
    /// The printer loses its power, and the link with it.
    Power,
    /// The printer loses its power for a while; the serial line stays.
    PowerOnSerial,
    /// The roll ends; a new one is loaded later.
    Paper,
}

#[derive(Default)]
struct Control {
    /// At which byte of the next job what breaks.
    armed: Option<(usize, Trouble)>,
    /// The last job as it was sent.
    job: Vec<u8>,
    /// No device there.
    away: bool,
}

/// The wire, from outside.
#[derive(Clone)]
struct Wire {
    control: Arc<Mutex<Control>>,
    printer: VirtualPrinter,
}

impl Wire {
    fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap()
    }

    /// Carries bytes both ways until it breaks or the host closes it: what waits then is lost.
    async fn carry(self, mut host: DuplexStream, device: impl AsyncRead + AsyncWrite) {
        let (mut from_device, mut device) = tokio::io::split(device);
        let (mut sent, mut said, mut waiting) = (vec![0; WIRE], [0; 256], Vec::new());
        loop {
            tokio::select! {
                biased;
                read = host.read(&mut sent) => {
                    let Ok(count @ 1..) = read else { return };
                    waiting.extend_from_slice(&sent[..count]);
                    if !self.break_here(&mut waiting, &mut device).await {
                        return;
                    }
                }
                wrote = device.write(&waiting), if !waiting.is_empty() => {
                    let Ok(count) = wrote else { return };
                    waiting.drain(..count);
                }
                read = from_device.read(&mut said) => {
                    let Ok(count @ 1..) = read else { return };
                    if host.write_all(&said[..count]).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Looks for the job in what waits, and breaks what shall break there; false when the link is broken.
    async fn break_here(&self, waiting: &mut Vec<u8>, device: &mut (impl AsyncWrite + Unpin)) -> bool {
        let questions = waiting.chunks(QUESTION).take_while(|part| part.starts_with(&[0x10, 0x04])).count() * QUESTION;
        let job = waiting.get(questions..).unwrap_or_default();
        if job.len() <= 8 * QUESTION || job.starts_with(&[0; 8]) {
            return true;
        }
        self.control().job = job.to_vec();
        let place = questions + self.control().armed.map_or(0, |(place, _)| place.min(job.len()));
        let Some((_, trouble)) = self.control().armed.take() else { return true };
        let before: Vec<u8> = waiting.drain(..place).collect();
        let received = self.printer.counters().bytes_received + before.len() as u64;
        device.write_all(&before).await.unwrap();
        assert!(self.printer.wait_for_bytes(received, LIMIT).await);
        match trouble {
            Trouble::Cable => return false,
            Trouble::Power => {
                self.printer.cut_power().await;
                self.printer.power_on().await;
                return false;
            }
            Trouble::PowerOnSerial => {
                self.printer.cut_power().await;
                let printer = self.printer.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(OFF).await;
                    printer.power_on().await;
                });
            }
            Trouble::Paper => self.printer.paper_out(),
        }
        true
    }
}

/// Opens the wire.
struct Socket {
    wire: Wire,
    serial: bool,
}

impl Opener for Socket {
    async fn open(&mut self) -> Result<Link, LinkError> {
        let gone = |cause: String| LinkError {
            link: "virtual".into(),
            kind: LinkErrorKind::NotFound,
            cause,
            action: "plug it in".into(),
        };
        if self.wire.control().away {
            return Err(gone("it is away".into()));
        }
        let (near, far) = tokio::io::duplex(WIRE);
        if self.serial {
            let path = self.wire.printer.pty_path().unwrap();
            let port = tokio_serial::new(path.to_string_lossy(), 9600).open_native_async();
            tokio::spawn(self.wire.clone().carry(far, port.map_err(|error| gone(error.to_string()))?));
        } else {
            let port = TcpStream::connect(self.wire.printer.tcp_address().unwrap()).await;
            let port = port.map_err(|error| gone(error.to_string()))?;
            // What the driver gives up must not arrive, as its own links see to.
            port.set_zero_linger().map_err(|error| gone(error.to_string()))?;
            tokio::spawn(self.wire.clone().carry(far, port));
        }
        Ok(Link::from_stream(near))
    }
}

/// Driver, wire and printer.
pub struct Rig {
    wire: Wire,
    driver: TicketPrinter,
    profile: PrinterProfile,
    model: Model,
    serial: bool,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Rig {
    pub async fn start(name: &str, trouble: Trouble) -> Self {
        let mut profile = PrinterProfile::built_in(name).unwrap();
        // The printer answers at once, and the test need not wait as long as a hall would.
        (profile.timings.reply, profile.timings.confirm) = (Duration::from_millis(300), Duration::from_secs(5));
        // A little faster than the profile says, as printers are.
        let rows = u32::from(profile.timings.millimetres_per_second) * u32::from(profile.dpi) * 12 / 254;
        let model = Model { print_speed: Some(rows), ..Model::named(name).unwrap() };
        let folder = tempfile::tempdir().unwrap();
        let serial = trouble == Trouble::PowerOnSerial;
        let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
        let printer = if serial {
            VirtualPrinter::on_pty(folder.path().join("printer"), model.clone()).await
        } else {
            VirtualPrinter::on_tcp(any, model.clone()).await
        };
        let wire = Wire { control: Arc::default(), printer: printer.unwrap() };
        let stop = CancellationToken::new();
        let driver = Self::driver(&wire, &profile, serial, &stop);
        let rig = Self { wire, driver, profile, model, serial, stop, _folder: folder };
        rig.until_ready().await;
        rig
    }

    fn driver(wire: &Wire, profile: &PrinterProfile, serial: bool, stop: &CancellationToken) -> TicketPrinter {
        let socket = Socket { wire: wire.clone(), serial };
        // A wire rate marks a line that outlives the printer's power; fast enough to cost no time here.
        let rate = serial.then_some(1_000_000);
        TicketPrinter::start_with("printer-1".into(), socket, rate, profile.clone(), stop.clone())
    }

    pub fn printer(&self) -> &VirtualPrinter {
        &self.wire.printer
    }

    /// The wire fails at that byte of the next job.
    pub fn arm(&self, place: usize, trouble: Trouble) {
        self.wire.control().armed = Some((place, trouble));
    }

    /// The last job as it was sent, marks included.
    pub fn job(&self) -> Vec<u8> {
        self.wire.control().job.clone()
    }

    pub async fn print(&self, page: &Page) -> PrintOutcome {
        timeout(LIMIT, self.driver.print(page.clone())).await.unwrap()
    }

    pub async fn until_ready(&self) {
        let mut health = self.driver.health();
        let ready = health.wait_for(|health| health.life_cycle == LifeCycle::Ready);
        timeout(LIMIT, ready).await.unwrap_or_else(|_| panic!("{:?}", self.driver.health().borrow())).unwrap();
    }

    /// A person loads a new roll, which takes longer than the driver needs to throw the old data away.
    pub async fn load_paper(&self) {
        let empty = async {
            while self.printer().waiting_bytes() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Data that is not thrown away comes out, and then the test fails.
        drop(timeout(Duration::from_secs(2), empty).await);
        self.printer().load_paper(None);
    }

    /// The cable comes out of an idle printer and is plugged in again.
    pub async fn replug(&self) {
        self.wire.control().away = true;
        self.wire.printer.hang_up().await;
        let mut health = self.driver.health();
        timeout(LIMIT, health.wait_for(|health| health.life_cycle == LifeCycle::Lost)).await.unwrap().unwrap();
        self.wire.printer.plug_in().await;
        self.wire.control().away = false;
    }

    /// The program dies inside the next job: the driver is gone without a word, and another takes over.
    pub async fn die_inside(&mut self, page: &Page, place: usize) {
        self.arm(place, Trouble::Cable);
        self.wire.control().away = true;
        let broken = self.print(page).await;
        assert!(!matches!(broken, PrintOutcome::Printed), "{broken:?}");
        self.stop.cancel();
        self.stop = CancellationToken::new();
        self.wire.control().away = false;
        self.driver = Self::driver(&self.wire, &self.profile, self.serial, &self.stop);
        // What the agent does when the hub tells it of the job that was left.
        self.driver.clear_left_over();
        self.until_ready().await;
    }

    /// The paper of a page as a printer makes it that was just switched on.
    pub fn paper_of(&self, page: &Page) -> Bitmap {
        let bytes = encode(page, &self.profile).unwrap();
        DirectPrinter::new(self.model.clone()).print(&bytes).paper
    }

    /// How many papers came out that are exactly this one.
    pub fn papers(&self, wanted: &Bitmap) -> usize {
        self.printer().sheets().iter().filter(|sheet| sheet.paper == *wanted).count()
    }
}
