using System.Text.Json;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>A merge request's place in a merge train, as the API shows it. Who leaves a train and enters again has another one.</summary>
internal sealed record TrainCarSeen
{
    public required string Status { get; init; }

    public required string? Target { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>The latest time at which it or its pipeline moved.</summary>
    public required DateTimeOffset MovedAt { get; init; }

    public required long? PipelineId { get; init; }

    public required string? PipelineStatus { get; init; }

    /// <summary>The pipeline's page, else the merge request's.</summary>
    public required string? Url { get; init; }

    /// <summary>Reads it; null when something that it needs is missing.</summary>
    public static TrainCarSeen? Read(JsonElement car)
    {
        // Not cut to seconds as a webhook's times: there is none, and one may leave within the second.
        if (car.Text("status") is not { } status || car.Time("created_at") is not { } entered) return null;
        return new TrainCarSeen
        {
            Status = status,
            Target = car.Text("target_branch"),
            EnteredAt = entered,
            MovedAt = HostTime.Latest(entered, car.Time("updated_at"), car.Time("merged_at"), car.Member("pipeline")?.Time("updated_at"))!.Value,
            PipelineId = car.Member("pipeline")?.Number("id"),
            PipelineStatus = car.Text("pipeline", "status"),
            Url = car.Text("pipeline", "web_url") ?? car.Text("merge_request", "web_url"),
        };
    }
}
