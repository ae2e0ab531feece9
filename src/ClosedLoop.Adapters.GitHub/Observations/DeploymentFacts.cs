using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>The facts of a deployment.</summary>
internal static class DeploymentFacts
{
    public static void Add(DeploymentSeen seen, Harvest harvest)
    {
        if (seen.State == "inactive")
        {
            // GitHub marks the older deployment inactive when a newer one succeeds. That is not a rollback, and must not un-ship.
            harvest.Nothing = "an inactive deployment was replaced by a newer one; that takes nothing back";
            return;
        }
        (GateStatus status, Reason reason, int rank) = seen.State switch
        {
            DeploymentSeen.Created => (GateStatus.Running, Reason.None, 0),
            "queued" or "pending" => (GateStatus.Running, Reason.None, 1),
            "waiting" => (GateStatus.Waiting, Reason.AwaitingApproval, 1),
            "in_progress" => (GateStatus.Running, Reason.None, 2),
            "success" => (GateStatus.Passed, Reason.None, 3),
            "failure" or "error" => (GateStatus.Failed, Reason.None, 3),
            _ => (GateStatus.Waiting, Reason.Unrecognized, 0),
        };
        var subject = Key.Deployment($"github/{seen.Repository.ToLowerInvariant()}/{seen.Id}");
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: the state '{seen.State}' is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.RolledOut,
            Writer = GitHubWriters.Deployer,
            // By the status's own time: the deployment's "updated" moves when it becomes inactive long after. The status's id would
            // break ties, but GraphQL does not tell it.
            Ordinal = Ordinal.At(seen.At, rank),
            Status = status,
            Reason = reason,
            OccurredAt = seen.At,
            Name = seen.Environment,
            Environment = seen.Environment,
            Revision = seen.Commit,
            Detail = $"{seen.Environment}: {seen.State}",
            Evidence = Evidence.From(seen.Url, $"deployment {seen.Id}"),
            Links = [Key.Commit(seen.Repository, seen.Commit)],
        });
    }
}
