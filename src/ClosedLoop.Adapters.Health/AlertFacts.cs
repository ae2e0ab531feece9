using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>
/// Makes facts of alerts: each alert is a subject of its own, so that the end of one says nothing of another. A firing one objects to what runs, the end of it takes
/// that back and says nothing good: when the metric goes away, an alert is resolved too.
/// </summary>
internal static class AlertFacts
{
    private const string Scheme = "alert", VersionSource = "version_source";
    private const int Firing = 0, Resolved = 1;

    public static void Add(AlertSeen alert, AlertSettings rule, List<Fact> facts, List<string> diagnostics)
    {
        bool resolved = alert.IsFiring == false;
        if (alert.IsFiring is null) diagnostics.Add($"{rule.Name}: the status {SourceText.Quote(alert.Word)} of an alert is not known to this version and counts as no evidence");
        var version = VersionOf(alert, rule, diagnostics);
        var attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(VersionSource, version is null ? "rollout" : "proven");
        if ((version?.Repository ?? rule.Repository?.Trim().Trim('/').ToLowerInvariant()) is { } repository) attributes = attributes.Add(FactAttributes.Repository, repository);
        long start = alert.StartsAt.ToUnixTimeMilliseconds();
        var fact = new Fact
        {
            Subject = Key.Create(Scheme, alert.Fingerprint),
            Kind = rule.Gate,
            Writer = rule.Writer,
            // Its end comes after its beginning, and its next beginning after both.
            Ordinal = resolved ? new Ordinal(start, alert.EndsAt.ToUnixTimeMilliseconds(), Resolved) : new Ordinal(start, 0, Firing),
            OccurredAt = resolved ? alert.EndsAt : alert.StartsAt,
            Status = alert.IsFiring == true ? GateStatus.Failed : GateStatus.Waiting,
            Reason = alert.IsFiring is null ? Reason.Unrecognized : Reason.Vetoed,
            Environment = rule.Environment,
            Name = rule.Target,
            Revision = version?.Revision,
            Detail = $"{rule.Name}: alert {alert.Title} {(alert.IsFiring == true ? "fires" : resolved ? "is resolved, which verifies nothing" : "is " + SourceText.Quote(alert.Word))}",
            Evidence = Evidence.From(alert.Url, rule.Name),
            Links = [version?.Key ?? rule.Subject],
            Attributes = attributes,
        };
        facts.Add(fact);
        if (!resolved || !rule.ResolvedPasses || version is null) return;
        facts.Add(fact with
        {
            Subject = rule.Subject,
            Writer = rule.ResolvedWriter,
            Ordinal = Ordinal.At(alert.EndsAt),
            Status = GateStatus.Passed,
            Reason = Reason.None,
            Detail = $"{rule.Name}: alert {alert.Title} is resolved",
        });
    }

    private static SeenVersion? VersionOf(AlertSeen alert, AlertSettings rule, List<string> diagnostics)
    {
        if (rule.VersionLabel is not { } label) return null;
        if (SeenVersion.Read(alert.Labels.Text(label), rule.Repository, out string problem) is { } version) return version;
        diagnostics.Add($"{HealthOptionsValidation.Section}:{rule.Path}:{nameof(AlertRule.VersionLabel)}: {problem}; the alert is taken to be of what the rollout says runs");
        return null;
    }
}
