"""A WebSocket as Streamlit's page opens it, without a browser and its manners."""

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from websockets.sync.client import connect


class Refused(Exception):
    """The server did not take the connection."""


def ask(
    address: str, path: str = "", *, origin: str | None = "same", session_id: str | None = None, **headers: str
) -> tuple[str, list[str]]:
    """Open a page by hand; the session's id and every text the server sent, with the pages of the menu."""
    protocols = ["streamlit", "x", session_id] if session_id else ["streamlit"]
    try:
        with connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream",
            origin=address if origin == "same" else origin,
            subprotocols=protocols,
            additional_headers={name.replace("_", "-"): value for name, value in headers.items()},
            max_size=None,
            proxy=None,
        ) as socket:
            request = BackMsg()
            request.rerun_script.page_name = path
            socket.send(request.SerializeToString())
            return _heard(socket)
    except (websockets.InvalidStatus, websockets.ConnectionClosed) as refused:
        raise Refused from refused


def _heard(socket: object) -> tuple[str, list[str]]:
    session_id, texts = "", []
    while True:
        message = ForwardMsg()
        message.ParseFromString(socket.recv(timeout=20))
        kind = message.WhichOneof("type")
        if kind == "new_session":
            session_id = message.new_session.initialize.session_id
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            drawn = getattr(element, element.WhichOneof("type"))
            texts += [getattr(drawn, name) for name in ("body", "label") if getattr(drawn, name, "")]
        elif kind == "navigation" and message.navigation.position != Navigation.HIDDEN:
            texts += [page.page_name for page in message.navigation.app_pages]
        elif kind == "page_not_found":
            texts.append("Page not found")
        elif kind == "script_finished":
            return session_id, texts
