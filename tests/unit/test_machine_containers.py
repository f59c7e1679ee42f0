"""What a container's own layer is, and what lasts, in made-up trees of the kernel's files."""

from pathlib import Path

import pytest

from machine.containers import has_own_addresses, in_container, vanishes

INSIDE = {"container": "oci"}
LAYER = "1060 986 0:52 / / ro,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w\n"
VOLUME = "1082 1060 8:1 /docker/volumes/edgerad/_data /data rw,relatime - ext4 /dev/sda1 rw\n"
SECRET = "1083 1060 8:1 /srv/edgerad.key /run/secrets/edgerad_key ro - ext4 /dev/sda1 rw\n"
MEMORY = "1084 1060 0:61 / /scratch rw,nosuid,nodev - tmpfs tmpfs rw,size=262144k\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc" / "self").mkdir(parents=True)
    return tmp_path


def mounted(root: Path, *lines: str) -> Path:
    (root / "proc" / "self" / "mountinfo").write_text("".join(lines))
    return root


def test_a_container_is_one_whose_image_or_engine_says_so() -> None:
    assert in_container({"container": "oci"})
    assert in_container({"container": "podman"})
    assert not in_container({})


@pytest.mark.parametrize("kind", ["lxc", "systemd-nspawn"])
def test_a_container_that_is_kept_like_a_machine_is_none(root: Path, kind: str) -> None:
    mounted(root, LAYER)
    assert not vanishes(Path("/data"), root=root, environment={"container": kind})


def test_what_is_on_no_mount_goes_with_the_container(root: Path) -> None:
    mounted(root, LAYER, VOLUME)
    assert vanishes(Path("/root/.config/edgerad/key"), root=root, environment=INSIDE)
    assert vanishes(Path("/database"), root=root, environment=INSIDE)


@pytest.mark.parametrize("kind", ["ext4 /dev/sda1", "btrfs /dev/sda1", "fuse.fuse-overlayfs fuse"])
def test_the_layer_is_known_whatever_it_is_stored_on(root: Path, kind: str) -> None:
    mounted(root, f"1060 986 8:1 /layers/7 / rw,relatime - {kind} rw\n", VOLUME)
    assert vanishes(Path("/srv"), root=root, environment=INSIDE)


def test_a_volume_and_a_secret_last(root: Path) -> None:
    mounted(root, LAYER, VOLUME, SECRET)
    assert not vanishes(Path("/data/bot/bot.db"), root=root, environment=INSIDE)
    assert not vanishes(Path("/run/secrets/edgerad_key"), root=root, environment=INSIDE)


def test_memory_does_not_last_although_it_is_mounted(root: Path) -> None:
    mounted(root, LAYER, MEMORY)
    assert vanishes(Path("/scratch/key"), root=root, environment=INSIDE)


def test_of_two_mounts_on_one_folder_the_later_counts(root: Path) -> None:
    over = VOLUME.replace("ext4 /dev/sda1", "tmpfs tmpfs")
    mounted(root, LAYER, VOLUME, over)
    assert vanishes(Path("/data"), root=root, environment=INSIDE)
    mounted(root, LAYER, over, VOLUME)
    assert not vanishes(Path("/data"), root=root, environment=INSIDE)


def test_a_folder_with_a_blank_in_its_name_is_found(root: Path) -> None:
    mounted(root, LAYER, VOLUME.replace("/data", "/the\\040data"))
    assert not vanishes(Path("/the data/bot"), root=root, environment=INSIDE)


def test_where_the_mounts_cannot_be_read_nothing_is_believed_to_last(root: Path) -> None:
    assert vanishes(Path("/data"), root=root, environment=INSIDE)


def test_outside_a_container_everything_lasts(root: Path) -> None:
    mounted(root, LAYER)
    assert not vanishes(Path("/data"), root=root, environment={})


def test_addresses_are_a_containers_own_unless_a_card_of_the_machine_has_one(root: Path) -> None:
    (root / "sys" / "class" / "net" / "wlan0" / "device").mkdir(parents=True)
    (root / "sys" / "class" / "net" / "docker0").mkdir()
    assert has_own_addresses(["eth0"], root=root, environment=INSIDE)
    assert has_own_addresses(["docker0"], root=root, environment=INSIDE)
    assert not has_own_addresses(["docker0", "wlan0"], root=root, environment=INSIDE)
    assert not has_own_addresses(["eth0"], root=root, environment={})
