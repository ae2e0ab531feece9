using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Reads <c>deployment</c> and <c>deployment_status</c>. Each method returns the field that is missing, or null.</summary>
internal static class DeploymentPayload
{
    public static string? Read(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest) => Add(payload, repository, DeploymentSeen.Created, payload.Field("deployment"), "deployment", harvest);

    public static string? ReadStatus(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        var status = payload.Field("deployment_status");
        if (status.Text("state") is not { } state) return "deployment_status.state";
        if (state == DeploymentSeen.Inactive)
        {
            // GitHub marks the older deployment inactive when a newer one succeeds. That is not a rollback, and what ran stays on record.
            harvest.Nothing = "an inactive deployment was replaced by a newer one; that takes nothing back";
            return null;
        }
        return Add(payload, repository, state, status, "deployment_status", harvest);
    }

    private static string? Add(JsonElement payload, string repository, string state, JsonElement dated, string name, Harvest harvest)
    {
        var deployment = payload.Field("deployment");
        if (deployment.Long("id") is not { } id) return "deployment.id";
        if (deployment.Text("sha") is not { } sha || !KeyText.IsCommit(sha)) return "deployment.sha";
        if (deployment.Text("environment") is not { } environment) return "deployment.environment";
        if (dated.Time("created_at") is not { } at) return $"{name}.created_at";
        DeploymentFacts.Add(
            new DeploymentSeen
            {
                Repository = repository,
                Id = id,
                Commit = sha.ToLowerInvariant(),
                Environment = environment,
                Task = deployment.Text("task"),
                State = state,
                At = at,
                Url = dated.Text("log_url") ?? dated.Text("target_url") ?? dated.Text("environment_url"),
            },
            harvest);
        if (harvest.Facts.Count > 0) harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }
}
