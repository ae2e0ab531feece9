using System.Collections.Frozen;
using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>One configured source.</summary>
internal sealed class SourceRule
{
    public required string Pattern { get; init; }

    public required bool IsPrefix { get; init; }

    public required ImmutableArray<string> Roles { get; init; }

    public required string Name { get; init; }

    /// <summary>Null only for explanations, which nobody signs.</summary>
    public required SecretCheck? Secret { get; init; }

    public required FrozenSet<string> Repositories { get; init; }

    public required FrozenSet<string> Checks { get; init; }

    public required string? Branch { get; init; }

    public required ImmutableArray<string> CommitPath { get; init; }

    public required ImmutableArray<string> RepositoryPath { get; init; }

    public required ImmutableArray<string> ItemPath { get; init; }

    public required bool ReviewMeansApproval { get; init; }

    public required bool PackagedMeansPublished { get; init; }

    public required bool FollowChains { get; init; }

    /// <summary>The only repository that it may speak of.</summary>
    public string? OnlyRepository => Repositories.Count == 1 ? Repositories.Items[0] : null;

    /// <summary>Whether a run can pass the gate alone.</summary>
    public bool HasOneCheck => Checks.Count == 1;

    public bool Is(string role) => Roles.Contains(role);

    public Writer As(string role) => new(role, Name);

    public static SourceRule From(CDEventsSource source, string? secret)
    {
        bool prefix = source.Source.EndsWith('*');
        return new SourceRule
        {
            Pattern = prefix ? source.Source[..^1] : source.Source,
            IsPrefix = prefix,
            Roles = [.. source.Roles.Distinct(StringComparer.Ordinal)],
            Name = source.Name,
            Secret = (source.Secret ?? secret) is { } own ? new SecretCheck(own) : null,
            Repositories = source.Repositories.Select(RepositoryName.Read).OfType<string>().ToFrozenSet(StringComparer.Ordinal),
            Checks = source.Checks.ToFrozenSet(StringComparer.Ordinal),
            Branch = source.Branch,
            CommitPath = [.. source.CommitPath.Split('.')],
            RepositoryPath = [.. source.RepositoryPath.Split('.')],
            ItemPath = [.. source.ItemPath.Split('.')],
            ReviewMeansApproval = source.ReviewMeansApproval,
            PackagedMeansPublished = source.PackagedMeansPublished,
            FollowChains = source.FollowChains,
        };
    }
}
