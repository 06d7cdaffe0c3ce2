"""How much of a stranger's software is looked at before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on one snapshot; every one is checked while bytes stream, none is taken on trust."""

    max_archive_bytes: int = 50 * MIB
    """Size of an uploaded archive."""
    max_unpacked_bytes: int = 500 * MIB
    """Bytes that may come out of all decompression together, tar headers included."""
    max_files: int = 20_000
    """Regular files and links; with folders, at most twice as many members."""
    max_path_bytes: int = 1024
    """UTF-8 bytes of a member's path, and of a link's target."""
    max_component_bytes: int = 255
    """UTF-8 bytes of one component of a path: what common file systems take."""
    max_depth: int = 64
    """Components of a path."""
    max_ratio: int = 200
    """Unpacked bytes for each byte of the archive, once past `ratio_floor_bytes`."""
    ratio_floor_bytes: int = 16 * MIB
    """Below this a high ratio is harmless: a small archive of blank test images is no bomb."""
    max_header_bytes: int = 64 * 1024
    """One pax or GNU extension header of a tar."""
    max_streams: int = 10_000
    """Compressed streams that follow one another in one gzip, bzip2 or xz file."""
    max_decoder_bytes: int = 128 * MIB
    """Memory an xz decoder may ask for; `xz -9` asks for 65 MiB."""
    max_seconds: float = 120.0
    """Wall-clock time for one inspection."""

    @property
    def max_members(self) -> int:
        """Members of every kind, folders and tar extension headers included."""
        return 2 * self.max_files
