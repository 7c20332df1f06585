#if Vulkan
    import CWeftShaders

    /// The shaders that are part of this module, by name.
    struct ShaderTable: @unchecked Sendable {
        /// SPIR-V words, and how many storage buffers the shader binds.
        struct Shader {
            let words: UnsafePointer<UInt32>
            let byteCount: Int
            let bindings: Int
        }

        private let shaders: [String: Shader]
        static let shared = ShaderTable()

        private init() {
            var shaders: [String: Shader] = [:]
            var count = 0
            let entries = weft_shaders(&count)
            for entry in UnsafeBufferPointer(start: entries, count: count) {
                shaders[String(cString: entry.name)] = Shader(
                    words: entry.words, byteCount: entry.byte_count, bindings: Int(entry.bindings))
            }
            self.shaders = shaders
        }

        subscript(name: String) -> Shader? { shaders[name] }
        var names: [String] { shaders.keys.sorted() }
    }
#endif
