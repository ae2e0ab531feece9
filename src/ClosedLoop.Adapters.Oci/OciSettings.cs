using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>The options, checked and frozen.</summary>
internal sealed class OciSettings
{
    private static readonly Uri Ghcr = new("https://ghcr.io/");

    private readonly FrozenDictionary<string, RepositoryRule> _byName;

    private OciSettings(ImmutableArray<RepositoryRule> repositories)
    {
        Repositories = repositories;
        _byName = repositories.ToFrozenDictionary(static r => r.Name, StringComparer.Ordinal);
    }

    public ImmutableArray<RepositoryRule> Repositories { get; }

    public required string Name { get; init; }

    public required Writer Writer { get; init; }

    public required OciFlavour Flavour { get; init; }

    public required Uri Address { get; init; }

    public required AuthenticationHeaderValue? Basic { get; init; }

    public required FrozenSet<string> TokenHosts { get; init; }

    public required FrozenSet<string> BlobHosts { get; init; }

    public required string? BuildLabel { get; init; }

    public required bool ReadProvenance { get; init; }

    public required bool CountsUntagged { get; init; }

    public required int MaxTagsPerSweep { get; init; }

    public required TimeSpan RequestTimeout { get; init; }

    public RepositoryRule? Find(string? name) => name is not null && _byName.TryGetValue(name, out var rule) ? rule : null;

    public static OciSettings From(OciOptions options)
    {
        bool isGhcr = options.Flavour == OciFlavour.Ghcr;
        return new OciSettings([.. options.Repositories.Select((r, i) => Freeze(options, r, i))])
        {
            Name = options.Name,
            Writer = OciAdapter.WriterOf(options.Name),
            Flavour = options.Flavour,
            Address = options.Address is { } address ? WithSlash(address) : Ghcr,
            Basic = string.IsNullOrEmpty(options.UserName) ? null : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.UserName}:{options.Password}"))),
            TokenHosts = Hosts(options.TokenHosts),
            BlobHosts = Hosts(isGhcr && options.BlobHosts.Count == 0 ? ["pkg-containers.githubusercontent.com"] : options.BlobHosts),
            BuildLabel = options.BuildLabel,
            ReadProvenance = options.ReadProvenance,
            CountsUntagged = options.CountsUntagged,
            MaxTagsPerSweep = options.MaxTagsPerSweep,
            RequestTimeout = options.RequestTimeout,
        };
    }

    private static RepositoryRule Freeze(OciOptions options, OciRepository repository, int index)
    {
        string? git = repository.GitRepository is { } given ? GitRemote.Normalize(given) : null;
        bool shared = git is not null && options.Repositories.Any(other => !ReferenceEquals(other, repository) && other.GitRepository is { } same && GitRemote.Normalize(same) == git);
        return new RepositoryRule(index, ImageRepository.Normalize(repository.Name)!, git, repository.IsPartial ?? shared);
    }

    private static FrozenSet<string> Hosts(IEnumerable<string> hosts) => hosts.Select(static h => h.Trim()).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
