"""Parts of kernels: typed and lowered alone, optimised and made machine code with their kernel.

numba makes a finished library, machine code and all, of each compiled function, and links those
that it calls into it first; where calls go deep, the same code is optimised once for each function
above it. A part is only linked: the kernel that calls it is optimised as a whole, once.

This stands on numba's compiler pipelines ("Customizing the Compiler" in its developers' manual)
and on its code libraries.
"""

from __future__ import annotations

from typing import Any

from numba._dynfunc import make_function
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering


class PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of a part and of what it calls, as it was written."""

    def finalize(self) -> None:
        """Link what is called, and leave the rest to the kernel."""
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(NativeLowering):  # type: ignore[misc]
    """Lowers a function into a part, known to its callers by a function without an address."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        """See numba."""
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        fndesc, library = state.cr.fndesc, state.library
        key = make_function(
            fndesc.lookup_module(), fndesc.qualname, "", 0, state.cr.env, (library,)
        )
        state.targetctx.insert_user_function(key, fndesc, [library])
        state.cr = state.cr._replace(cfunc=key)
        return True


class PartCompiler(CompilerBase):  # type: ignore[misc]
    """numba's compiler of functions, but for the lowering."""

    def define_pipelines(self) -> list[Any]:
        """See numba."""
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager.passes = [
            (PartLowering if one is NativeLowering else one, text) for one, text in manager.passes
        ]
        manager.finalize()
        return [manager]
