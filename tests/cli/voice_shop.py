"""Where voices are fetched from: HTTPS under the name that piper's downloader asks for, behind a proxy on loopback."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "huggingface.co"


class VoiceShop(ThreadingHTTPServer):
    """Answers with the files of one folder, by their last name. `asked` holds the paths."""

    def __init__(self, files: Path, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Proxy)
        self.files = files
        self.tls = tls
        self.asked: list[str] = []
        self.cut = 0
        """Bytes that are missing at the end of each answer."""
        self.closing = threading.Event()
        self.hangs = False
        """After the first bytes nothing more comes."""


class _Proxy(BaseHTTPRequestHandler):
    server: VoiceShop

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.handle_one_request()
        self.wfile.flush()
        self.connection.close()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        file = self.server.files / path.rpartition("/")[2]
        if not file.is_file():
            self.send_error(404)
            return
        content = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.server.hangs:
            self.wfile.write(content[:100])
            self.wfile.flush()
            self.server.closing.wait()
            return
        self.wfile.write(content[: len(content) - self.server.cut])

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def voice_shop(files: Path, secrets: Path) -> Iterator[tuple[VoiceShop, dict[str, str]]]:
    """The shop, and the environment in which its name leads to it."""
    certificate = _certificate(secrets)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    shop = VoiceShop(files, tls)
    thread = threading.Thread(target=shop.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield shop, {"https_proxy": f"http://127.0.0.1:{shop.server_port}", "SSL_CERT_FILE": str(certificate)}
    finally:
        shop.closing.set()
        shop.shutdown()
        shop.server_close()
        thread.join()


def _certificate(folder: Path) -> Path:
    """Key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "huggingface.pem"
    path.write_bytes(key.private_bytes(*form) + signed.public_bytes(serialization.Encoding.PEM))
    return path
