"""Any server that speaks the OpenAI protocol: Ollama, LM Studio, llama.cpp, vLLM, and the clouds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from halo_app.errors import HaloError, ModelUnavailable
from halo_app.llm.calling import Call, Work, too_long
from halo_app.plugins import Offer, Prompt
from halo_app.settings import Llm

if TYPE_CHECKING:
    from openai import OpenAI

LIST_SECONDS = 10.0
SERVER_WORDS = 200             # how much of a server's own error text is shown


@dataclass(frozen=True)
class OpenAICompatible:
    """One model on one server. Every failure is a ModelUnavailable that says what to do; the key is in none of them."""

    base_url: str
    model: str
    api_key: SecretStr = field(default_factory=lambda: SecretStr(""), repr=False)
    deadline_seconds: float = 120.0
    max_bytes: int = 400_000

    @property
    def name(self) -> str:
        return self.model

    @property
    def place(self) -> str:
        """The server's host and port, without anything secret."""
        return place(self.base_url)

    @property
    def is_local(self) -> bool:
        return is_loopback(self.base_url)

    def stream(self, prompt: Prompt) -> Iterator[str]:
        """Yield the answer as it comes, "" while waiting; closing the iterator closes the connection.

        It ended well only when the server said why it ended; a cut stream raises, as does an answer without text.
        """
        yield from self._pieces(lambda client: self._answer(client, prompt), self.deadline_seconds)

    def models(self) -> list[str]:
        """Return the names of the models that the server offers. Raises ModelUnavailable."""
        seconds = min(LIST_SECONDS, self.deadline_seconds)
        return sorted(name for name in self._pieces(_list_models, seconds) if name)

    def _pieces(self, work: Work, seconds: float) -> Iterator[str]:
        from httpx2 import HTTPError, InvalidURL
        from openai import OpenAIError
        call = Call(self.base_url, self.api_key.get_secret_value(), not self.is_local, self.max_bytes, work)
        try:
            yield from call.pieces(seconds)
        except TimeoutError:
            raise ModelUnavailable(f"the model server at {self.place} was not done after {seconds:g} seconds",
                                   fix="try again, use a smaller model, or raise HALO_LLM__DEADLINE_SECONDS") from None
        except HaloError:
            raise
        except (OpenAIError, HTTPError, InvalidURL, OSError, ValueError, TypeError, AttributeError) as error:     # strange data too
            raise self._worded(error) from None

    def _answer(self, client: OpenAI, prompt: Prompt) -> Iterator[str]:
        from openai import BadRequestError
        messages = [{"role": role, "content": text} for role, text in (("system", prompt.system), *prompt.turns)]
        ask: Callable[..., Any] = client.chat.completions.create
        given = {"model": self.model, "messages": messages, "stream": True}
        try:
            chunks = ask(**given, max_tokens=prompt.max_tokens)
        except BadRequestError as error:
            if "max_completion_tokens" not in str(error):      # some newer models know the limit by this name only
                raise
            chunks = ask(**given, max_completion_tokens=prompt.max_tokens)
        yield from self._read(chunks)

    def _read(self, chunks: Any) -> Iterator[str]:
        size, reason, began = 0, "", False
        for chunk in chunks:
            for choice in getattr(chunk, "choices", None) or []:
                began = True
                text = getattr(getattr(choice, "delta", None), "content", None)
                if isinstance(text, str) and text:
                    size += len(text.encode("utf-8", "replace"))
                    if size > self.max_bytes:
                        raise too_long(f"{self.max_bytes:,} bytes")
                    yield text
                reason = getattr(choice, "finish_reason", None) or reason
        if not began:
            raise self._strange()
        self._check_end(str(reason), size)

    def _check_end(self, reason: str, size: int) -> None:
        if not reason:
            raise ModelUnavailable(f"the answer of the model server at {self.place} broke off before its end", fix="ask again")
        if reason == "length":
            raise too_long("the limit of tokens")
        if reason == "content_filter":
            raise ModelUnavailable(f"the model server at {self.place} withheld the answer",
                                   fix="ask in other words, or use another model")
        if not size:
            raise ModelUnavailable(f"the model {self.model} gave an empty answer", fix="ask again, or use another model")

    def _worded(self, error: Exception) -> ModelUnavailable:
        from httpx2 import HTTPError
        from openai import APIConnectionError, APIError, APIStatusError
        if isinstance(error, APIStatusError):
            return self._refused(error.status_code, _words_of(error.body))
        inner: BaseException | None = error
        while inner:
            if isinstance(inner, ModelUnavailable):
                return inner
            if "CERTIFICATE_VERIFY_FAILED" in str(inner):
                return ModelUnavailable(f"the certificate of the model server at {self.place} is not one this machine trusts",
                                        fix="check HALO_LLM__BASE_URL, or name its authority with SSL_CERT_FILE")
            if type(inner).__name__ in {"ConnectError", "ConnectTimeout", "ConnectionRefusedError"}:
                return ModelUnavailable(f"no model server answers at {self.place}", fix="start it, or check HALO_LLM__BASE_URL")
            inner = inner.__cause__ or inner.__context__
        if isinstance(error, APIConnectionError | HTTPError | OSError):
            return ModelUnavailable(f"the connection to the model server at {self.place} broke off", fix="ask again")
        if isinstance(error, APIError):
            return ModelUnavailable(f"the model server at {self.place} reports a fault{self._quoted(_words_of(error.body))}",
                                    fix="ask again; the server's own log may say more")
        return self._strange()

    def _refused(self, status: int, words: str) -> ModelUnavailable:
        if status in {401, 403}:
            return ModelUnavailable(f"the model server at {self.place} does not accept the key",
                                    fix="set HALO_LLM__API_KEY to a valid key")
        if status == 404:
            return ModelUnavailable(f"the model server at {self.place} knows no model {self.model!r}, or not this address",
                                    fix="check HALO_LLM__MODEL and HALO_LLM__BASE_URL (it often ends in /v1)")
        if status == 429:
            return ModelUnavailable(f"the model server at {self.place} takes no more questions now: too many, or the quota is used up",
                                    fix="wait a moment and ask again")
        if status >= 500:
            return ModelUnavailable(f"the model server at {self.place} failed (status {status})",
                                    fix="ask again; its own log may say more")
        if 300 <= status < 400:
            return ModelUnavailable(f"the model server at {self.place} sends elsewhere, which is not followed",
                                    fix="set HALO_LLM__BASE_URL to the final address")
        return ModelUnavailable(f"the model server at {self.place} refused the question (status {status}){self._quoted(words)}",
                                fix="check HALO_LLM__MODEL, or lower MAX_CONTEXT_TOKENS")

    def _strange(self) -> ModelUnavailable:
        return ModelUnavailable(f"what answers at {self.place} is not an OpenAI-compatible server",
                                fix="check HALO_LLM__BASE_URL (it often ends in /v1)")

    def _quoted(self, words: str) -> str:
        key = self.api_key.get_secret_value()
        shown = " ".join((words.replace(key, "…") if key else words).split())
        return f": {shown[:SERVER_WORDS]}" if shown else ""


def _list_models(client: OpenAI) -> Iterator[str]:
    for model in client.models.list():
        if isinstance(getattr(model, "id", None), str):
            yield model.id


def _words_of(body: object) -> str:
    """Return what an error's body says, wherever servers put it."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        said = inner.get("message", "") if isinstance(inner, dict) else inner
        return said if isinstance(said, str) else ""
    return ""


def place(base_url: str) -> str:
    """Return host and port of an address, "" when it is none."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        return f"{host}:{parts.port}" if parts.port else host
    except ValueError:             # a bracket too few, a port that is no number
        return ""


def is_loopback(base_url: str) -> bool:
    """Tell whether the address is this machine by itself; a name that must be looked up is not."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _wants(llm: Llm) -> bool:
    return bool(llm.model and place(llm.base_url)) and llm.base_url.startswith(("http://", "https://"))


def _make(llm: Llm) -> OpenAICompatible:
    key = SecretStr(llm.api_key.get_secret_value().strip())
    return OpenAICompatible(llm.base_url, llm.model, key, llm.deadline_seconds, llm.max_bytes)


PROVIDER = Offer("openai-compatible", _wants, _make)
