namespace ClosedLoop.Samples.Tests.Watcher;

internal sealed record OtlpSpan(string TraceId, string SpanId, string ParentSpanId, string Name, ulong StartNanoseconds, ulong EndNanoseconds, IReadOnlyDictionary<string, string> Attributes);
