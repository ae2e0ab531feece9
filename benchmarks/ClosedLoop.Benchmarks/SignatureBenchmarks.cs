using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using ClosedLoop.LoadRig.Webhook;

namespace ClosedLoop.Benchmarks;

/// <summary>GitHub's signature check beside HMAC and a comparison in constant time of the same bytes.</summary>
[MemoryDiagnoser]
public class SignatureBenchmarks
{
    private readonly SignedDelivery _signed = SignedDelivery.Create();

    [Benchmark(Baseline = true)]
    public bool NativeTwin()
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes], given = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(_signed.Secret, _signed.Body, expected);
        Convert.FromHexString(_signed.Delivery.Header("X-Hub-Signature-256").AsSpan("sha256=".Length), given, out _, out _);
        return CryptographicOperations.FixedTimeEquals(given, expected);
    }

    [Benchmark]
    public bool Authenticate() => _signed.Adapter.Authenticator!.IsAuthentic(_signed.Delivery);
}
