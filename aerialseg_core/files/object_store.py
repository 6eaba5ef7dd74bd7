"""Object stores: how S3, and what speaks like it, is asked over HTTP by the variables by which GDAL reads `/vsis3/`.

The variables are those of GDAL (https://gdal.org/user/virtual_file_systems.html#vsis3-aws-s3-files), the signature is
version 4 (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html). Keys that are not in
the environment, but in a profile or given by a machine of Amazon, are not looked for.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from datetime import datetime, timezone
from urllib.parse import quote, urlsplit

_OBJECT = re.compile(r"(?:/vsis3(?:_streaming)?/|s3://)([^/]+)/([^?#}]+)")
_EMPTY = hashlib.sha256(b"").hexdigest()
_NO = {"NO", "FALSE", "OFF", "0"}


def find_object(name: str) -> str | None:
    """Find the web address of an object in S3.

    Args:
        name: What GDAL or rasterio call it, as in /vsis3/BUCKET/KEY or s3://BUCKET/KEY.

    Returns:
        The address; None if it is none in S3.
    """
    found = _OBJECT.search(name)
    if found is None:
        return None
    bucket, key = found[1].rpartition("@")[2], quote(found[2], safe="/~")
    scheme = "http" if os.environ.get("AWS_HTTPS", "YES").upper() in _NO else "https"
    endpoint = re.sub(r"^https?://", "", os.environ.get("AWS_S3_ENDPOINT", "s3.amazonaws.com")).rstrip("/")
    virtual = os.environ.get("AWS_VIRTUAL_HOSTING", "NO" if "." in bucket else "YES").upper() not in _NO
    return f"{scheme}://{bucket}.{endpoint}/{key}" if virtual else f"{scheme}://{endpoint}/{bucket}/{key}"


def sign_request(
    address: str, headers: dict[str, str], *, method: str = "GET", now: datetime | None = None
) -> dict[str, str]:
    """Sign a request without a body with the keys that are in the environment.

    Args:
        address: The address of an object; its parameters are quoted, and in the order of their names.
        headers: Headers that are signed too.
        method: The method of the request.
        now: When; by default now.

    Returns:
        The headers, and those that sign it; none of these without keys, or where `AWS_NO_SIGN_REQUEST` forbids it.
    """
    key, secret = (os.environ.get(name, "") for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    if not key or not secret or os.environ.get("AWS_NO_SIGN_REQUEST", "NO").upper() not in {*_NO, ""}:
        return headers
    parts, time = urlsplit(address), (now or datetime.now(timezone.utc)).strftime("%Y%m%dT%H%M%SZ")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    headers = {**headers, "x-amz-content-sha256": _EMPTY, "x-amz-date": time}
    if token := os.environ.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = token
    signed = sorted((name.lower(), value.strip()) for name, value in {**headers, "host": parts.netloc}.items())
    names = ";".join(name for name, _ in signed)
    lines = [method, parts.path, parts.query, *(f"{name}:{value}" for name, value in signed), "", names, _EMPTY]
    scope = f"{time[:8]}/{region}/s3/aws4_request"
    request = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    current = f"AWS4{secret}".encode()
    for step in (*scope.split("/"), f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{request}"):
        current = hmac.new(current, step.encode(), hashlib.sha256).digest()
    credential = f"Credential={key}/{scope},SignedHeaders={names},Signature={current.hex()}"
    return {**headers, "Authorization": f"AWS4-HMAC-SHA256 {credential}"}
