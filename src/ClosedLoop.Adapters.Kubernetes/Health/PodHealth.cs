using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Health;

/// <summary>Judges a pod as Argo CD's gitops-engine does (wire.md 6.3). Pure.</summary>
internal static class PodHealth
{
    public static HealthVerdict Judge(JsonElement json)
    {
        if (json.Member("metadata", "deletionTimestamp") is not null) return new(HealthStatus.Progressing, "Pending deletion");
        var status = json.Member("status") ?? default;
        string message = status.Text("message") ?? "", policy = json.Text("spec", "restartPolicy") ?? "";
        if (policy == "Always" && status.Elements("containerStatuses").Select(static c => c.Member("state", "waiting")).FirstOrDefault(static w => IsError(w?.Text("reason"))) is { } stuck)
            return new(HealthStatus.Degraded, stuck.Text("message") is { Length: > 0 } why ? why : stuck.Text("reason")!);
        return status.Text("phase") switch
        {
            "Pending" => new(HealthStatus.Progressing, message),
            "Succeeded" => new(HealthStatus.Healthy, message),
            "Failed" => new(HealthStatus.Degraded, message.Length > 0 ? message : Failure(status)),
            "Running" when policy == "Always" => new(Running(status), message),
            "Running" when policy is "OnFailure" or "Never" => new(HealthStatus.Progressing, message),
            _ => new(HealthStatus.Unknown, message),
        };
    }

    private static HealthStatus Running(JsonElement status)
    {
        if (status.Elements("conditions").FirstOrDefault(static c => c.Text("type") == "Ready").Text("status") == "True") return HealthStatus.Healthy;
        // It ran, and it had to be started again.
        return status.Elements("containerStatuses").Any(static c => c.Member("lastState", "terminated") is not null) ? HealthStatus.Degraded : HealthStatus.Progressing;
    }

    private static string Failure(JsonElement status)
    {
        foreach (var container in status.Elements("initContainerStatuses").Concat(status.Elements("containerStatuses")))
        {
            if (container.Member("state", "terminated") is not { } ended) continue;
            if (ended.Text("message") is { Length: > 0 } message) return message;
            if (ended.Text("reason") == "OOMKilled") return "OOMKilled";
            if (ended.Number("exitCode") is { } code and not 0) return $"container \"{container.Text("name")}\" failed with exit code {code}";
        }
        return "";
    }

    private static bool IsError(string? reason) =>
        reason is not null && (reason.StartsWith("Err", StringComparison.Ordinal) || reason.EndsWith("Error", StringComparison.Ordinal) || reason.EndsWith("BackOff", StringComparison.Ordinal));
}
