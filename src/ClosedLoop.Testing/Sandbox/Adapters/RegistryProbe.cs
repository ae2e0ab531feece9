using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>Reads images by digest, by the commit that they are tagged with, or all that are new.</summary>
internal sealed class RegistryProbe(SystemReader registry, ImageFacts images, IReadOnlyList<string> repositories) : IProbe
{
    private const string RevisionLabel = "org.opencontainers.image.revision";
    private const int MaxKnown = 20_000;

    /// <summary>A build machine's clock may be behind; what was made a little before the sweep's start is brought again.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Repository, string Reference), Fact> _known = new();

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<Key, Fact>();
        try
        {
            foreach (var key in batch.Keys)
                foreach (var (repository, reference) in References(key))
                    await AddAsync(repository, reference, DateTimeOffset.MinValue, facts, cancellationToken).ConfigureAwait(false);
            if (batch.SweepSince is { } since)
                foreach (string repository in repositories)
                    foreach (string tag in await TagsAsync(repository, cancellationToken).ConfigureAwait(false))
                        await AddAsync(repository, tag, since - Overlap, facts, cancellationToken).ConfigureAwait(false);
            return ProbeResult.Reached(facts.Values);
        }
        catch (HttpRequestException exception)
        {
            return ProbeResult.Unreachable(exception.StatusCode is { } code ? $"the registry answered {(int)code}" : "the registry did not answer", facts.Values);
        }
        catch (JsonException)
        {
            return ProbeResult.Unreachable("the registry answered something else than JSON", facts.Values);
        }
    }

    // A digest does not say which repository it is in.
    private IEnumerable<(string Repository, string Reference)> References(Key key)
    {
        if (key.Is(KeySchemes.Image)) return repositories.Select(r => (r, key.Value));
        int at = key.Value.LastIndexOf('@');
        return at > 0 && repositories.Contains(key.Value[..at], StringComparer.Ordinal) ? [(key.Value[..at], key.Value[(at + 1)..])] : [];
    }

    private async Task<List<string>> TagsAsync(string repository, CancellationToken cancellationToken)
    {
        if (await registry.ReadAsync($"v2/{repository}/tags/list", cancellationToken).ConfigureAwait(false) is not { } body) return [];
        using var list = JsonDocument.Parse(body);
        return [.. list.RootElement.Items("tags").Select(static t => t.GetString()).OfType<string>()];
    }

    private async Task AddAsync(string repository, string reference, DateTimeOffset since, Dictionary<Key, Fact> facts, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue((repository, reference), out var fact))
        {
            fact = await ReadAsync(repository, reference, cancellationToken).ConfigureAwait(false);
            if (fact is null) return;
            if (_known.Count >= MaxKnown) _known.Clear();
            _known[(repository, reference)] = fact;
        }
        if (fact.OccurredAt >= since) facts[fact.Subject] = fact;
    }

    private async Task<Fact?> ReadAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        if (await registry.ReadAsync($"v2/{repository}/manifests/{reference}", cancellationToken).ConfigureAwait(false) is not { } manifest) return null;
        string digest = DigestOf(manifest);
        if (reference.StartsWith("sha256:", StringComparison.Ordinal) && reference != digest) return null;
        using var parsed = JsonDocument.Parse(manifest);
        if (parsed.RootElement.Text("config", "digest") is not { } configDigest) return null;
        if (await registry.ReadAsync($"v2/{repository}/blobs/{configDigest}", cancellationToken).ConfigureAwait(false) is not { } config || DigestOf(config) != configDigest) return null;
        using var image = JsonDocument.Parse(config);
        if (image.RootElement.Time("created") is not { } created) return null;
        string? commit = image.RootElement.Text("config", "Labels", RevisionLabel);
        return images.Read(repository, digest, created, commit is { Length: 40 or 64 } && commit.All(char.IsAsciiHexDigit) ? commit : null);
    }

    private static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));
}
