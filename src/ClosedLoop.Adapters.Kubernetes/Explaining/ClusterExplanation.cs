using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.Kubernetes.Health;
using ClosedLoop.Adapters.Kubernetes.Rollouts;
using ClosedLoop.Facts;
using YamlDotNet.Core;

namespace ClosedLoop.Adapters.Kubernetes.Explaining;

/// <summary>Explains objects of a file, without a cluster. Pure.</summary>
internal static class ClusterExplanation
{
    // More says nothing to a person; one explanation stays small.
    private const int MaxIgnored = 200;

    private static readonly RolloutFacts Facts = new(TargetNames.Plain);

    public static PayloadExplanation Of(ReadOnlyMemory<byte> input)
    {
        try
        {
            var objects = new List<JsonElement>();
            var ignored = new List<string>();
            var text = WithoutMark(input);
            if (IsJson(text.Span))
            {
                var reader = new Utf8JsonReader(text.Span, isFinalBlock: true, new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true }));
                while (reader.Read()) Collect(JsonElement.ParseValue(ref reader), objects, ignored);
            }
            else
            {
                foreach (var document in YamlObjects.Read(text)) Collect(document, objects, ignored);
            }
            if (objects.Count == 0 && ignored.Count == 0) ignored.Add("the input is empty; expected an object of the API, such as kubectl get deployment NAME -o json writes");
            return Judge(objects, ignored);
        }
        catch (JsonException e)
        {
            return Unread($"not JSON (line {e.LineNumber + 1})");
        }
        catch (YamlException e)
        {
            return Unread($"neither JSON nor YAML that is taken (line {e.Start.Line})");
        }
        catch (ArgumentException)
        {
            return Unread("text with half a surrogate pair, which no API server writes");
        }
        catch (InvalidOperationException)
        {
            return Unread("text with half a surrogate pair in a name, which no API server writes");
        }
    }

    private static PayloadExplanation Unread(string what) => new() { Ignored = [$"the input is {what}; expected an object of the API, such as kubectl get deployment NAME -o json writes"] };

    private static void Collect(JsonElement json, List<JsonElement> objects, List<string> ignored)
    {
        var items = json.ValueKind == JsonValueKind.Array ? json : json.Member("items") is { ValueKind: JsonValueKind.Array } list ? list : (JsonElement?)null;
        if (items is null)
        {
            if (json.ValueKind == JsonValueKind.Object) objects.Add(json);
            else ignored.Add("a value that is no object");
            return;
        }
        // Items of a typed list do not name their kind: DeploymentList holds Deployments.
        string? kind = json.Text("kind") is { Length: > 4 } listed && listed.EndsWith("List", StringComparison.Ordinal) ? listed[..^4] : null;
        foreach (var item in items.Value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object) ignored.Add("an item that is no object");
            else if (kind is not null && item.Text("kind") is null) objects.Add(WithKind(item, kind));
            else objects.Add(item);
        }
    }

    private static PayloadExplanation Judge(List<JsonElement> objects, List<string> ignored)
    {
        var replicaSets = objects.FindAll(static o => o.Text("kind") == "ReplicaSet");
        var podObjects = objects.FindAll(static o => o.Text("kind") == "Pod");
        var pods = podObjects.Select(PodView.Read).OfType<PodView>().ToList();
        var facts = new List<Fact>();
        var seen = new List<(RolloutStatus Rollout, HealthVerdict Health)>();
        var digests = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var diagnostics = new List<string>();
        foreach (var json in objects)
        {
            if (Workload.KindOf(json) is not { } kind)
            {
                if (json.Text("kind") is not ("ReplicaSet" or "Pod")) ignored.Add($"{SourceText.Quote(json.Text("kind") ?? "an object without a kind")}: only Deployment, StatefulSet and DaemonSet are judged, with their ReplicaSets and pods");
                continue;
            }
            if (Workload.Read(kind, json) is not { } workload)
            {
                ignored.Add($"a {kind} without a usable metadata.name");
                continue;
            }
            var status = RolloutJudge.Judge(kind, json);
            var running = podObjects.Count == 0 && replicaSets.Count == 0 ? null : RunningPods.Of(workload, replicaSets, pods);
            var fact = Facts.Of(workload, status, running);
            var health = WorkloadHealth.Judge(kind, json);
            foreach (var pod in running?.Current ?? []) health = HealthVerdict.Worse(health, PodHealth.Judge(pod.Json));
            facts.Add(fact);
            seen.Add((status, health));
            digests.UnionWith(running?.Serving ?? (fact.Status == GateStatus.Passed ? workload.PinnedDigests ?? [] : []));
            if (running is null) diagnostics.Add($"{workload.Namespace}/{workload.Target}: no pods are given, so what really runs is not checked; add kubectl get replicasets,pods -o json");
            if (status.State == RolloutState.Unreadable) diagnostics.Add($"{workload.Namespace}/{workload.Target}: {status.Message}; counts as no evidence");
        }
        if (facts.Count == 0 && ignored.Count == 0) ignored.Add("ReplicaSets and pods alone have no rollout; add their Deployment, StatefulSet or DaemonSet");
        var explanation = PayloadExplanation.Of(facts) with { Ignored = [.. ignored.Take(MaxIgnored)], Diagnostics = [.. diagnostics.Take(MaxIgnored)] };
        if (seen.Count == 0) return explanation;
        var summary = explanation.Summary
            .Add("message", string.Join('\n', seen.Select(static s => s.Rollout.Message)))
            .Add("digests", digests.ToImmutableArray())
            .Add("health", seen.Select(static s => s.Health.Status).Max().ToString());
        return explanation with { Summary = summary.Add("rollout", WorstOf(seen.Select(static s => s.Rollout.State))) };
    }

    private static string WorstOf(IEnumerable<RolloutState> states)
    {
        var all = states.ToHashSet();
        if (all.Contains(RolloutState.Failed)) return "failed";
        return all.Contains(RolloutState.Waiting) || all.Contains(RolloutState.Unreadable) ? "waiting" : "done";
    }

    private static JsonElement WithKind(JsonElement item, string kind)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind);
            foreach (var member in item.EnumerateObject())
                if (!member.NameEquals("kind"))
                    member.WriteTo(writer);
            writer.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    // A JSON text of the API begins with one of these, and YAML that does is JSON.
    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        int first = text.IndexOfAnyExcept(" \t\r\n"u8);
        return first < 0 || text[first] is (byte)'{' or (byte)'[';
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> input) => input.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? input[3..] : input;
}
