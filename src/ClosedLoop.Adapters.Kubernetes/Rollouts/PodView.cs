using System.Collections.Immutable;
using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>What one pod says of what runs in it.</summary>
internal sealed record PodView
{
    /// <summary>The uid of its ReplicaSet, StatefulSet or DaemonSet.</summary>
    public required string Owner { get; init; }

    /// <summary>The hash of the StatefulSet's or DaemonSet's revision that it was made from, or null.</summary>
    public required string? RevisionHash { get; init; }

    /// <summary>The DaemonSet's template generation that it was made from, or null.</summary>
    public required string? TemplateGeneration { get; init; }

    /// <summary>Whether it takes traffic.</summary>
    public required bool IsReady { get; init; }

    /// <summary>Since when it is ready, or not.</summary>
    public required DateTimeOffset? ReadyChangedAt { get; init; }

    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The latest start of it or of one of its containers: whenever a digest of it changes, this does.</summary>
    public required DateTimeOffset? StartedAt { get; init; }

    /// <summary>The digests of its containers, by the container's name; null for a container whose digest is not known yet.</summary>
    public required ImmutableSortedDictionary<string, string?> Digests { get; init; }

    public required JsonElement Json { get; init; }

    /// <summary>Whether it is ready and the digest of every container in it is known.</summary>
    public bool IsProven => IsReady && !Digests.IsEmpty && Digests.Values.All(static d => d is not null);

    /// <summary>Reads a pod; null when it belongs to no controller, goes away (wire.md 6.4) or has ended.</summary>
    public static PodView? Read(JsonElement json)
    {
        if (json.Member("metadata") is not { } about || about.Member("deletionTimestamp") is not null || Rollouts.Owner.UidOf(json) is not { } owner) return null;
        // Evicted pods stay in the list until somebody deletes them.
        if (json.Text("status", "phase") is "Failed" or "Succeeded") return null;
        var status = json.Member("status") ?? default;
        var ready = status.Elements("conditions").FirstOrDefault(static c => c.Text("type") == "Ready");
        var digests = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        var started = about.Time("creationTimestamp");
        foreach (var container in status.Elements("containerStatuses")) Add(container);
        // An init container that still runs is a sidecar.
        foreach (var container in status.Elements("initContainerStatuses"))
            if (container.Member("state", "running") is not null)
                Add(container);
        // A container that has no status yet runs nothing.
        foreach (var container in json.Member("spec")?.Elements("containers") ?? [])
            if (container.Text("name") is { } missing && !digests.ContainsKey(missing))
                digests[missing] = null;
        return new PodView
        {
            Owner = owner,
            RevisionHash = about.Text("labels", "controller-revision-hash"),
            TemplateGeneration = about.Text("labels", "pod-template-generation"),
            IsReady = ready.Text("status") == "True",
            ReadyChangedAt = ready.Time("lastTransitionTime"),
            CreatedAt = about.Time("creationTimestamp"),
            StartedAt = started,
            Digests = digests.ToImmutable(),
            Json = json,
        };

        void Add(JsonElement container)
        {
            digests[container.Text("name") ?? ""] = ImageDigest.OfImageId(container.Text("imageID"));
            foreach (var state in (ReadOnlySpan<JsonElement?>)[container.Member("state", "running"), container.Member("state", "terminated"), container.Member("lastState", "terminated")])
                if (state?.Time("startedAt") is { } at && !(at <= started))
                    started = at;
        }
    }
}
