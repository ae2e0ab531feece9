using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Webhooks;

/// <summary>Reads a deployment event. Returns the field that is missing, or null.</summary>
internal static class DeploymentPayload
{
    private const string CommitPath = "/commit/";

    public static string? Read(JsonElement payload, string repository, GitLabSettings settings, Harvest harvest)
    {
        if (payload.Number("deployment_id") is not ({ } id and > 0)) return "deployment_id";
        if (payload.Text("status") is not { } status) return "status";
        if (payload.Text("environment") is not { } environment) return "environment";
        if (payload.Moment("status_changed_at") is not { } at) return "status_changed_at";
        if (CommitOf(payload) is not { } sha)
        {
            // Eight characters may name another commit. The next sweep reads the whole id.
            harvest.Nothing = "the deployment's commit is not in commit_url, and short_sha is no identity";
            return null;
        }
        DeploymentFacts.Add(
            new DeploymentSeen
            {
                Repository = repository,
                Id = id,
                Commit = sha,
                Environment = environment,
                Status = status,
                At = at,
                Url = payload.Text("deployable_url"),
            },
            settings,
            harvest);
        if (harvest.Facts.Count > 0) harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }

    private static string? CommitOf(JsonElement payload)
    {
        if (payload.Text("commit_url") is not { } url) return null;
        int start = url.LastIndexOf(CommitPath, StringComparison.Ordinal);
        if (start < 0) return null;
        string sha = url[(start + CommitPath.Length)..];
        int end = sha.AsSpan().IndexOfAny("/?#");
        if (end >= 0) sha = sha[..end];
        sha = sha.ToLowerInvariant();
        return KeyText.IsCommit(sha) && (payload.Text("short_sha") is not { } part || sha.StartsWith(part, StringComparison.OrdinalIgnoreCase)) ? sha : null;
    }
}
