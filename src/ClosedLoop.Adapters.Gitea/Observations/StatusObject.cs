using System.Text.Json;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>Reads a commit status. The API calls its state <c>status</c>, a webhook <c>state</c>.</summary>
internal static class StatusObject
{
    public static StatusSeen? Read(JsonElement status, string stateName)
    {
        if (status.Number("id") is not ({ } id and > 0) || (status.Text(stateName) ?? status.Text("state")) is not { } state || (status.Moment("created_at") ?? status.Moment("updated_at")) is not { } at) return null;
        return new StatusSeen(id, status.Text("context") is { Length: > 0 } context ? context : "default", state, at, status.Text("target_url"));
    }
}
