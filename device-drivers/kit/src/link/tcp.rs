//! Devices on the network: raw TCP, one connection a device.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;

use super::{LinkConfig, LinkError, LinkErrorKind, Wire};

/// How long a connection may take to be made.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

impl Wire for TcpStream {
    fn abandon(&mut self) {
        // Reset instead of a graceful close, so that the system drops what it has queued. A
        // socket that is already gone has nothing queued.
        let _ = self.set_zero_linger();
    }
}

/// Connects, without waiting for more data before small frames leave.
pub(super) async fn open(address: &str, config: &LinkConfig) -> Result<TcpStream, LinkError> {
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await;
    let error = match connected {
        Ok(Ok(stream)) => match stream.set_nodelay(true) {
            Ok(()) => return Ok(stream),
            Err(error) => error,
        },
        Ok(Err(error)) => error,
        Err(_) => io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {} s", CONNECT_TIMEOUT.as_secs())),
    };
    Err(explain(&error, address, config))
}

fn explain(error: &io::Error, address: &str, config: &LinkConfig) -> LinkError {
    let (kind, action) = match error.kind() {
        io::ErrorKind::InvalidInput => {
            (LinkErrorKind::Configuration, "write the address as host:port, such as 192.168.1.50:9100".to_owned())
        }
        io::ErrorKind::ConnectionRefused => (
            LinkErrorKind::Unreachable,
            "check the port number, and that no other program holds the device's only connection".to_owned(),
        ),
        _ => (
            LinkErrorKind::Unreachable,
            format!("check the device's power and network cable, and that {address} is its address"),
        ),
    };
    LinkError { link: config.to_string(), kind, cause: error.to_string(), action }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::link;

    #[tokio::test]
    async fn bytes_go_both_ways_and_a_close_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mut link = link::open(&LinkConfig::tcp(address)).await.unwrap();
        let (mut device, _) = listener.accept().await.unwrap();
        link.write_all(b"status?").await.unwrap();
        let mut got = [0; 7];
        device.read_exact(&mut got).await.unwrap();
        assert_eq!(&got, b"status?");
        drop(device);
        assert!(link.read(&mut [0; 8]).await.is_err());
    }

    #[tokio::test]
    async fn an_abandoned_link_resets_the_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mut link = link::open(&LinkConfig::tcp(address)).await.unwrap();
        let (mut device, _) = listener.accept().await.unwrap();
        link.write_all(b"half a job").await.unwrap();
        device.readable().await.unwrap();
        link.abandon();
        let error = loop {
            match device.read(&mut [0; 4]).await {
                Ok(0) => panic!("closed gracefully"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn a_closed_port_and_a_wrong_address_are_told_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let closed = link::open(&LinkConfig::tcp(address)).await.unwrap_err();
        assert_eq!(closed.kind, LinkErrorKind::Unreachable, "{closed}");
        let wrong = link::open(&LinkConfig::tcp("10.0.0.5")).await.unwrap_err();
        assert_eq!(wrong.kind, LinkErrorKind::Configuration, "{wrong}");
        assert!(wrong.to_string().contains("host:port"), "{wrong}");
    }
}
