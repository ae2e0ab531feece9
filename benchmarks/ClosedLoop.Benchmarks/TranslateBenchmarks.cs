using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ClosedLoop.Adapters;
using ClosedLoop.LoadRig.Webhook;

namespace ClosedLoop.Benchmarks;

/// <summary>GitHub's merged pull request to facts, beside a parse of the same bytes.</summary>
[MemoryDiagnoser]
public class TranslateBenchmarks
{
    private readonly SignedDelivery _signed = SignedDelivery.Create();

    [Benchmark(Baseline = true)]
    public JsonValueKind NativeTwin()
    {
        using var document = JsonDocument.Parse(_signed.Body);
        return document.RootElement.ValueKind;
    }

    [Benchmark]
    public Translation Translate() => _signed.Adapter.Translator!.Translate(_signed.Delivery);
}
