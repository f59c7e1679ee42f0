#!/bin/sh
# Builds llama.cpp's own server for this machine into .venv/llama-server, from the source that
# requirements-llama.lock pins by its hash. Needs a C++ compiler and CMake.
# CMAKE_ARGS=-DGGML_CUDA=ON builds it for NVIDIA cards.
set -eu

python=.venv/bin/python
place=.venv/llama-server

command -v cmake >/dev/null || {
    echo "CMake is missing. Debian, Ubuntu: sudo apt install cmake g++" >&2
    exit 1
}
rm -rf "$place"
mkdir -p "$place/source"
"$python" -m pip download --disable-pip-version-check --quiet --no-deps --require-hashes \
    --no-binary llama-cpp-python -r requirements-llama.lock -d "$place"
tar -xzf "$place"/llama_cpp_python-*.tar.gz -C "$place/source" --strip-components 1
cd "$place"
source=source/vendor/llama.cpp

build() {
    # Without the page that it has for people: nobody here needs it, and it would be fetched.
    # shellcheck disable=SC2086 # several arguments
    cmake -S $source -B build -Wno-dev \
        -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=ON \
        -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF \
        -DLLAMA_USE_PREBUILT_UI=OFF ${CMAKE_ARGS:-} &&
        cmake --build build --target llama-server --parallel "$(getconf _NPROCESSORS_ONLN)"
}

echo "Building llama-server: 5 to 10 minutes"
build >build.log 2>&1 || {
    tail -n 20 build.log >&2
    echo "Building failed; all of its words are in $place/build.log." >&2
    exit 1
}
mv build/bin/llama-server $source/convert_hf_to_gguf.py $source/conversion $source/gguf-py .
rm -rf build source ./*.tar.gz ./*.whl
echo "Built .venv/llama-server/llama-server"
