#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real khopd over TLS, asked by Python's ssl and by openssl s_client.

    tls_clients.py KHOPD API.md

The certificate is verified as a client would that was given the file; weak versions and ciphers are refused; a
bot signs its requests with the code that API.md shows; silent and half-open connections do not stop service.
"""
import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile

CIPHERS_1_2 = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": True,
    "ECDHE-ECDSA-AES256-GCM-SHA384": True,
    "ECDHE-ECDSA-CHACHA20-POLY1305": True,
    "ECDHE-ECDSA-AES128-SHA256": False,
    "ECDHE-ECDSA-AES256-SHA": False,
    "ECDHE-RSA-AES128-GCM-SHA256": False,  # no RSA certificate
    "AES128-GCM-SHA256": False,
    "AES256-SHA": False,
}


def expect(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"FAIL {what}: got {got!r}, not {wanted!r}")
    print("ok", what)


class Server:
    def __init__(self, khopd, folder):
        environment = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR")}
        self.process = subprocess.Popen(
            [khopd, "--data-dir", folder, "--demo", "--port", "0", "--participants", "off", "--tls-self-signed"],
            stdout=subprocess.PIPE, text=True, env=environment)
        self.password = self.fingerprint = None
        for line in self.process.stdout:
            if found := re.search(r"password: (\S+)", line):
                self.password = found.group(1)
            if found := re.match(r"certificate SHA-256 (\S+)", line):
                self.fingerprint = found.group(1)
            if found := re.match(r"ready https://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                break
        else:
            raise SystemExit("khopd did not become ready")
        self.certificate = str(pathlib.Path(folder) / "tls.crt")

    def context(self, verified=True):
        context = ssl.create_default_context(cafile=self.certificate)
        if not verified:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def open(self, name="localhost"):
        return http.client.HTTPSConnection(name, self.port, context=self.context(), timeout=20)

    def s_client(self, *arguments):
        request = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        return subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-quiet", "-ign_eof", *arguments],
            input=request, capture_output=True, timeout=20).stdout


def ask(connection, method, target, body=None, headers=None):
    data = json.dumps(body).encode() if body is not None else None
    connection.request(method, target, data, {"Content-Type": "application/json"} | (headers or {}))
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def certificate(server):
    with socket.create_connection(("127.0.0.1", server.port), 20) as plain:
        with server.context().wrap_socket(plain, server_hostname="127.0.0.1") as secure:
            der = secure.getpeercert(binary_form=True)
            version = secure.version()
    digest = hashlib.sha256(der).hexdigest().upper()
    expect("version", version, "TLSv1.3")
    expect("fingerprint", ":".join(digest[i:i + 2] for i in range(0, 64, 2)), server.fingerprint)
    expect("mode of the key", oct(os.stat(server.certificate.replace("crt", "key")).st_mode & 0o777), "0o600")


def weak_ones(server):
    for cipher, good in CIPHERS_1_2.items():
        answer = server.s_client("-tls1_2", "-cipher", cipher)
        expect(cipher, answer.startswith(b"HTTP/1.1 200 "), good)
    for version in ("-tls1", "-tls1_1"):
        expect(version, server.s_client(version, "-cipher", "ALL:@SECLEVEL=0"), b"")
    expect("TLS 1.3", server.s_client("-tls1_3").startswith(b"HTTP/1.1 200 "), True)
    # Renegotiation asked for by the client is not carried out.
    answer = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_2"],
        input=b"R\n", capture_output=True, timeout=20)
    expect("no renegotiation", b"HTTP/1.1" in answer.stdout, False)


def bot(server, api_document):
    code = re.search(r"```python\n(.*?)```", pathlib.Path(api_document).read_text(), re.S).group(1)
    document = {}
    exec(code, document)  # the project's own text
    signed = document["signed"]
    connection = server.open()
    status, answer = ask(connection, "POST", "/api/v1/auth/login",
                         {"username": "demo", "password": server.password})
    expect("login", status, 200)
    token = {"Authorization": f"Bearer {answer['data']['access_token']}"}
    status, answer = ask(connection, "POST", "/api/v1/auth/api-keys", {"label": "bot", "scope": "trade"}, token)
    expect("key", status, 201)
    key, secret = answer["data"]["key_id"], answer["data"]["secret"]
    target = "/api/v1/orders?status=ACTIVE&limit=5"
    status, _ = ask(connection, "GET", target, None, signed(key, secret, "GET", target))
    expect("signed GET", status, 200)
    body = {"symbol": "BTC", "side": "BUY", "order_type": "LIMIT", "quantity": "0.001", "price": "1000"}
    data = json.dumps(body).encode()
    headers = signed(key, secret, "POST", "/api/v1/orders", data)
    status, answer = ask(connection, "POST", "/api/v1/orders", body, headers)
    expect("signed order", status, 201)
    status, answer = ask(connection, "POST", "/api/v1/orders", body, headers)
    expect("the same again", (status, answer["code"]), (401, "INVALID_SIGNATURE"))
    with socket.create_connection(("127.0.0.1", server.port), 20) as plain:
        with server.context().wrap_socket(plain, server_hostname="localhost") as secure:
            headers = signed(key, secret, "GET", "/ws/v1")
            lines = [f"{name}: {value}" for name, value in headers.items()]
            secure.sendall("\r\n".join(
                ["GET /ws/v1 HTTP/1.1", "Host: localhost", "Connection: Upgrade", "Upgrade: websocket",
                 "Sec-WebSocket-Version: 13",
                 f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}", *lines, "", ""]).encode())
            expect("signed stream", secure.recv(4096).startswith(b"HTTP/1.1 101 "), True)


def resident(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0


def many_connections(server):
    before = resident(server.process)
    context = server.context(verified=False)
    secure = []
    for _ in range(300):
        secure.append(context.wrap_socket(socket.create_connection(("127.0.0.1", server.port), 20)))
    silent = [socket.create_connection(("127.0.0.1", server.port), 20) for _ in range(300)]
    for half in silent[:150]:
        half.sendall(b"\x16\x03\x01\x02\x00\x01")
    for one in secure[::50]:
        one.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        expect("an answer among many", one.recv(4096).startswith(b"HTTP/1.1 200 "), True)
    print(f"600 connections, half of them silent: {(resident(server.process) - before) / 600 * 1024:.0f} KiB each")
    for one in secure + silent:
        one.close()
    connection = server.open()
    expect("health", ask(connection, "GET", "/health")[0], 200)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(sys.argv[1], folder)
        try:
            certificate(server)
            if shutil.which("openssl"):
                weak_ones(server)
            bot(server, sys.argv[2])
            many_connections(server)
            server.process.send_signal(signal.SIGTERM)
            expect("its end", server.process.wait(timeout=30), 0)
        finally:
            if server.process.poll() is None:
                server.process.kill()


if __name__ == "__main__":
    main()
