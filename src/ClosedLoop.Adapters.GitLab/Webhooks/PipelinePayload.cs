using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Webhooks;

/// <summary>Reads a pipeline event. Returns the field that is missing, or null.</summary>
internal static class PipelinePayload
{
    public static string? Read(JsonElement payload, string repository, GitLabSettings settings, Harvest harvest)
    {
        if (payload.Member("object_attributes") is not { } pipeline) return "object_attributes";
        if (pipeline.Number("id") is not ({ } id and > 0)) return "object_attributes.id";
        if (pipeline.Text("sha") is not { } sha || !KeyText.IsCommit(sha)) return "object_attributes.sha";
        if (pipeline.Text("status") is not { } status) return "object_attributes.status";
        if (pipeline.Text("ref") is not { } reference) return "object_attributes.ref";
        if (pipeline.Moment("created_at") is not { } created) return "object_attributes.created_at";
        var finished = pipeline.Moment("finished_at");
        bool warned = pipeline.Text("detailed_status") == "passed with warnings";
        // A pipeline's own times do not move when a job of it is run again; the jobs' times do.
        var moved = HostTime.Latest(created, finished, pipeline.Moment("updated_at"), pipeline.Moment("started_at"));
        foreach (var job in payload.Elements("builds").Take(10_000))
        {
            moved = HostTime.Latest(moved, job.Moment("created_at"), job.Moment("started_at"), job.Moment("finished_at"));
            warned |= job.Text("status") == "failed" && job.Flag("allow_failure") == true;
        }
        PipelineFacts.Add(
            new PipelineSeen
            {
                Repository = repository,
                Id = id,
                Commit = sha.ToLowerInvariant(),
                Reference = reference,
                IsTag = pipeline.Flag("tag") == true,
                Source = pipeline.Text("source"),
                DefaultBranch = payload.Text("project", "default_branch"),
                Status = status,
                HasWarnings = warned,
                CreatedAt = created,
                FinishedAt = finished,
                MovedAt = moved!.Value,
                Url = pipeline.Text("url") ?? (payload.Text("project", "web_url") is { } web ? $"{web.TrimEnd('/')}/-/pipelines/{id}" : null),
            },
            settings,
            harvest);
        // A train's pipeline moves what the train says, and only a look can say that.
        if (settings.HasMergeTrains && PipelineFacts.IsCandidate(pipeline.Text("source"), reference) && ChangeOf(payload, reference) is { } number) harvest.Hints.Add(Key.PullRequest(repository, number));
        if (harvest.Facts.Count > 0 && finished is not null) harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }

    // Merge requests of forks have numbers of the project that they are for.
    private static long? ChangeOf(JsonElement payload, string reference)
    {
        if (payload.Member("merge_request") is not { ValueKind: JsonValueKind.Object } request) return PipelineFacts.NumberOf(reference);
        if (request.Number("target_project_id") is { } target && payload.Member("project")?.Number("id") is { } project && target != project) return null;
        return request.Number("iid") is { } number and > 0 and <= int.MaxValue ? number : null;
    }
}
