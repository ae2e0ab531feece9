using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>The facts of a deployment.</summary>
internal static class DeploymentFacts
{
    public static void Add(DeploymentSeen seen, Harvest harvest)
    {
        (GateStatus status, Reason reason, int rank) = seen.State switch
        {
            DeploymentSeen.Created => (GateStatus.Running, Reason.None, 0),
            "queued" or "pending" => (GateStatus.Running, Reason.None, 1),
            "waiting" => (GateStatus.Waiting, Reason.AwaitingApproval, 1),
            "in_progress" => (GateStatus.Running, Reason.None, 2),
            "success" => (GateStatus.Passed, Reason.None, 3),
            "failure" or "error" => (GateStatus.Failed, Reason.None, 3),
            DeploymentSeen.Inactive => (GateStatus.Waiting, Reason.Superseded, 3),
            _ => (GateStatus.Waiting, Reason.Unrecognized, 0),
        };
        var subject = Key.Deployment($"github/{seen.Repository.ToLowerInvariant()}/{seen.Id}");
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: the state '{seen.State}' is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.RolledOut,
            Writer = GitHubWriters.Deployer,
            // The newest deployment of an environment says what runs there, so its id comes first. Then the status's own time: the
            // deployment's "updated" moves when it becomes inactive long after. The status's id would break ties, but GraphQL does
            // not tell it.
            Ordinal = new Ordinal(seen.Id, seen.At.ToUnixTimeMilliseconds(), rank),
            Status = status,
            Reason = reason,
            OccurredAt = seen.At,
            // A task of its own (deploy:migrations) is another target: what it ran on says nothing of what is deployed.
            Name = seen.Task is null or "deploy" ? seen.Environment : seen.Task,
            Environment = seen.Environment,
            Revision = seen.Commit,
            Detail = $"{seen.Environment}: {seen.State}",
            Evidence = Evidence.From(seen.Url, $"deployment {seen.Id}"),
            Links = [Key.Commit(seen.Repository, seen.Commit)],
            Attributes = ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Repository, seen.Repository.ToLowerInvariant()),
        });
    }
}
