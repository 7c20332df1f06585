#if Vulkan
    import Glibc
    import WeftProvider

    /// Short-lived threads for what a driver does outside of any run: compiling pipelines.
    enum Threads {
        /// `transform` of every element, in order, on as many threads as there are cores, this one included.
        static func map<Element: Sendable, Output: Sendable>(
            _ elements: [Element], _ transform: @escaping @Sendable (Element) -> Output
        ) -> [Output] {
            let job = MapJob(elements, transform)
            var helpers: [pthread_t] = []
            for _ in 1..<max(1, min(elements.count, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) {
                var thread = pthread_t()
                let box = Unmanaged.passRetained(job as Job)
                let result = pthread_create(
                    &thread, nil,
                    { argument in
                        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().work() }
                        return nil
                    }, box.toOpaque())
                if result == 0 { helpers.append(thread) } else { box.release() }
            }
            job.work()
            for thread in helpers { pthread_join(thread, nil) }
            return job.results
        }
    }

    /// What a helper thread runs, whatever its types.
    private class Job: @unchecked Sendable {
        func work() {}
    }

    private final class MapJob<Element: Sendable, Output: Sendable>: Job, @unchecked Sendable {
        private let elements: [Element]
        private let transform: @Sendable (Element) -> Output
        private let lock = Lock()
        private var next = 0
        private var found: [Int: Output] = [:]

        init(_ elements: [Element], _ transform: @escaping @Sendable (Element) -> Output) {
            self.elements = elements
            self.transform = transform
        }

        /// Takes elements until none is left.
        override func work() {
            while true {
                let index = lock.withLock {
                    next += 1
                    return next - 1
                }
                if index >= elements.count { return }
                let output = transform(elements[index])
                lock.withLock { found[index] = output }
            }
        }

        /// All outputs, once every thread has returned from `work`.
        var results: [Output] { lock.withLock { elements.indices.compactMap { found[$0] } } }
    }
#endif
