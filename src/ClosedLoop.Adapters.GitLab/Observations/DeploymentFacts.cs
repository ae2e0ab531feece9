using System.Collections.Immutable;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>The fact of a deployment.</summary>
internal static class DeploymentFacts
{
    public static void Add(DeploymentSeen seen, GitLabSettings settings, Harvest harvest)
    {
        (GateStatus status, Reason reason, int stage) = seen.Status switch
        {
            "created" => (GateStatus.Running, Reason.None, 0),
            "blocked" => (GateStatus.Waiting, Reason.AwaitingApproval, 1),
            "running" => (GateStatus.Running, Reason.None, 2),
            "success" => (GateStatus.Passed, Reason.None, 3),
            "failed" => (GateStatus.Failed, Reason.None, 3),
            "canceled" => (GateStatus.Waiting, Reason.Cancelled, 3),
            "skipped" => (GateStatus.Waiting, Reason.Skipped, 3),
            _ => (GateStatus.Waiting, Reason.Unrecognized, 0),
        };
        var subject = Key.Deployment($"{settings.Host.Name}/{seen.Repository.ToLowerInvariant()}/{seen.Id}");
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: the status {SourceText.Quote(seen.Status)} is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.RolledOut,
            Writer = settings.Host.Deployer,
            // The newest deployment of an environment says what runs there. Its states only go forward (a job that is run again is a deployment
            // of its own), and the API has no time of the status that a webhook would have too.
            Ordinal = new Ordinal(seen.Id, stage),
            Status = status,
            Reason = reason,
            OccurredAt = seen.At,
            Name = seen.Environment,
            Environment = seen.Environment,
            Revision = seen.Commit,
            Detail = $"{seen.Environment}: {seen.Status}",
            Evidence = Evidence.From(seen.Url, $"deployment {seen.Id}"),
            Links = [Key.Commit(seen.Repository, seen.Commit)],
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, seen.Repository.ToLowerInvariant()),
        });
    }
}
