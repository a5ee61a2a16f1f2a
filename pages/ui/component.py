"""Components of our own, for what Streamlit has no element for.

Their scripts are served as files: the site's policy lets no script run that is written into the page.
"""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

_UI = Path(__file__).parent


def component(name: str, folder: str, **files: Any) -> ComponentRenderer:
    """The component `name`, whose files (`js`, `css`) lie in a folder of that name inside `folder`.

    Streamlit looks for such files in packages that are named like a module, which the desk is not.
    """
    package = f"matchdesk-{name}"
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{package}.{name}") is None:
        manager.register_from_manifest(ComponentManifest(package, "1", [ComponentConfig(name, name)]), _UI / folder)
    return st.components.v2.component(f"{package}.{name}", **files)
