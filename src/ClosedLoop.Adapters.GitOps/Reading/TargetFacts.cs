using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>Makes the facts of one target: the one place where webhook and probe become the same thing.</summary>
internal sealed class TargetFacts
{
    /// <summary>How far a rollout or check got, to order states of one instant.</summary>
    public const int Under = 1, Bad = 2, Good = 3, Gone = 4;

    private readonly GitOpsSettings _settings;
    private readonly TargetPlace _place;
    private readonly ImmutableSortedSet<Key> _links;
    private readonly string? _revision;
    private readonly ImmutableSortedDictionary<string, string> _attributes;

    private TargetFacts(GitOpsSettings settings, TargetPlace place, Key subject, ImmutableSortedSet<Key> links, string? revision, string? sync)
    {
        (_settings, _place, Subject, _links, _revision) = (settings, place, subject, links, revision);
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (place.Repository is { } repository) attributes[FactAttributes.Repository] = repository;
        if (sync is { Length: <= 200 }) attributes["synced"] = sync;
        _attributes = attributes.ToImmutable();
    }

    public Key Subject { get; }

    /// <summary>The commit or images that run, as far as they identify anything.</summary>
    public bool IsKnown => !_links.IsEmpty;

    /// <summary>Null when environment and target make no key.</summary>
    /// <param name="settings">The adapter's settings.</param>
    /// <param name="place">Where the object belongs.</param>
    /// <param name="digests">What runs, by digest.</param>
    /// <param name="source">What the source says of its revision.</param>
    /// <param name="sync">The revision as it is written, for people.</param>
    public static TargetFacts? Of(GitOpsSettings settings, TargetPlace place, IEnumerable<string> digests, SourceRevision source, string? sync)
    {
        if (!Key.TryParse($"{KeySchemes.Environment}:{place.Environment}/{place.Target}", out var subject)) return null;
        var all = digests.Distinct(StringComparer.Ordinal).Take(500).ToList();
        var links = all.Select(Key.Image).ToImmutableSortedSet();
        string? revision = all.Count == 1 ? all[0] : null;
        // Images are what runs; the configuration's commit only stands in where nothing names them.
        if (links.IsEmpty && place.Repository is { } repository && source.Commit is { } commit) (links, revision) = ([Key.Commit(repository, commit)], commit);
        if (links.IsEmpty && source.Digest is { } artifact) (links, revision) = ([Key.Image(artifact)], artifact);
        return new TargetFacts(settings, place, subject, links, revision, sync);
    }

    public Fact Rollout(Verdict verdict) => Of(Gates.RolledOut, _settings.Deployer, verdict);

    public Fact Health(Verdict verdict) => Of(Gates.Healthy, _settings.Health, verdict);

    private Fact Of(string kind, Writer writer, Verdict verdict) => new()
    {
        Subject = Subject,
        Kind = kind,
        Writer = writer,
        Ordinal = verdict.Ordinal,
        Status = verdict.Status,
        Reason = verdict.Reason,
        OccurredAt = verdict.At,
        Environment = _place.Environment,
        Name = _place.Target,
        Revision = _revision,
        Detail = verdict.Detail,
        Links = _links,
        Attributes = _attributes,
    };
}
