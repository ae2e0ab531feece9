using System.Security.Cryptography;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.AspNetCore.Access;

/// <summary>Finds the writer that a bearer token belongs to. Immutable.</summary>
internal sealed class WriterTokens
{
    private readonly (byte[] Digest, Writer Writer)[] _tokens;

    public WriterTokens(IOptions<ClosedLoopApiOptions> options) =>
        _tokens = [.. options.Value.Writers.SelectMany(static w => w.Value.Select(hash => (Read(hash), Writer.Parse(w.Key))))];

    /// <summary>Compares with every hash in constant time, so that timing tells neither how close a guess is nor whose token it is.</summary>
    public Writer? Find(string token)
    {
        byte[] digest = ClosedLoopToken.Digest(token);
        Writer? found = null;
        foreach (var (known, writer) in _tokens)
            if (CryptographicOperations.FixedTimeEquals(known, digest))
                found = writer;
        return found;
    }

    private static byte[] Read(string hash) => ClosedLoopToken.TryReadHash(hash, out byte[] digest) ? digest : throw new InvalidOperationException("A token hash was not validated.");
}
