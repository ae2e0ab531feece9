using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>Makes facts of verdicts.</summary>
/// <remarks>
/// The ordinal is the instant of the look by this process' clock. A look has no order of its own in the service that is looked at: the observer is
/// the source, and its clock is the source's own. Nodes that look at the same time give one ordinal, of which the more cautious verdict wins.
/// </remarks>
internal static class HealthFacts
{
    private const string VersionSource = "version_source";

    public static Fact Of(CheckSettings check, CheckVerdict verdict, SeenVersion? version, DateTimeOffset at)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        attributes[VersionSource] = version is null ? "unproven" : version.IsAssumed ? "rollout" : "proven";
        if (version?.Repository is { } repository) attributes[FactAttributes.Repository] = repository;
        return new Fact
        {
            Subject = check.Subject,
            Kind = check.Gate,
            Writer = check.Writer,
            Ordinal = Ordinal.At(at),
            OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()),
            Status = verdict.Status,
            Reason = verdict.Reason,
            Environment = check.Environment,
            Name = check.Target,
            Revision = version?.Revision,
            Detail = $"{check.Name}: {verdict.Detail}{(version is { IsAssumed: true } ? "; the version is the rollout's word, not proven" : "")}",
            Evidence = Evidence.From(check.Page, check.Name),
            Links = version is null ? [] : [version.Key],
            Attributes = attributes.ToImmutable(),
        };
    }
}
