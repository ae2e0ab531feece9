using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>Reads a deployment with its statuses out of an answer, as the one fact that its webhooks add up to.</summary>
internal static class GraphQlDeployment
{
    public static void Read(string repository, JsonElement deployment, Harvest harvest)
    {
        if (deployment.Long("databaseId") is not { } id || deployment.Text("commitOid") is not { } commit || !KeyText.IsCommit(commit) ||
            deployment.Text("environment") is not { } environment || deployment.Time("createdAt") is not { } created)
            return;
        var seen = new DeploymentSeen
        {
            Repository = repository,
            Id = id,
            Commit = commit.ToLowerInvariant(),
            Environment = environment,
            Task = deployment.Text("task"),
            State = DeploymentSeen.Created,
            At = created,
        };
        var states = new Harvest();
        DeploymentSeen? inactive = null;
        foreach (var status in deployment.Field("statuses").Items("nodes"))
        {
            if (status.Text("state") is not { } word || status.Time("createdAt") is not { } at) continue;
            var state = seen with { State = word.ToLowerInvariant(), At = at, Url = status.Text("logUrl") ?? status.Text("environmentUrl") };
            if (state.State == DeploymentSeen.Inactive) inactive = state;
            else DeploymentFacts.Add(state, states);
        }
        // One that ended and was replaced stays on record as what ran. One that was replaced before it ended must not run for ever.
        if (inactive is not null && !states.Facts.Exists(static f => f.Status is GateStatus.Passed or GateStatus.Failed)) DeploymentFacts.Add(inactive, states);
        if (states.Facts.Count == 0) DeploymentFacts.Add(seen, states);
        harvest.Facts.Add(states.Facts.MaxBy(static f => f.Ordinal)!);
        harvest.Diagnostics.AddRange(states.Diagnostics);
    }
}
