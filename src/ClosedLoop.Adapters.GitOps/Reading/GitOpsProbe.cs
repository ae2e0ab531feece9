using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>Lists the objects, page by page. What is so now is told in every sweep, however long it has been so: a level, not a change.</summary>
/// <param name="client">The API.</param>
/// <param name="lists">The lists to read: path with query, and the kind of their objects, which lists leave out.</param>
/// <param name="reader">Reads the objects.</param>
/// <param name="settings">The adapter's settings.</param>
internal sealed class GitOpsProbe(SourceClient client, ImmutableArray<ObjectList> lists, IObjectReader reader, GitOpsSettings settings) : IProbe
{
    /// <summary>The most pages of one list.</summary>
    private const int MaxPages = 100;

    private const int MaxTokenBytes = 64 * 1024;

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        string? token = settings.Token ?? ReadToken();
        if (token is null) return ProbeResult.Unreachable("TokenFile cannot be read, or holds no token; check its path and this process's permissions");
        var harvest = new Harvest(batch.At);
        ProbeResult? failure = null;
        int calls = 0;
        foreach (var list in lists)
        {
            string? next = null;
            for (int page = 0; page < MaxPages; page++)
            {
                if (calls >= batch.Allowance) return Result(new ProbeResult { Outcome = ProbeOutcome.RateLimited, Detail = "CallsPerHour leaves no more calls now" });
                calls++;
                string path = next is null ? list.Path : $"{list.Path}&continue={Uri.EscapeDataString(next)}";
                var answer = await client.GetAsync(path, request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token), cancellationToken).ConfigureAwait(false);
                if (answer.Kind != SourceAnswerKind.Found)
                {
                    failure ??= Failure(answer, list);
                    // Another list may well be readable; a source that is gone or limits is not.
                    if (answer.Kind is SourceAnswerKind.Unreachable or SourceAnswerKind.RateLimited) return Result(failure);
                    break;
                }
                if (!Read(answer.Body, list, harvest, out next))
                {
                    failure ??= ProbeResult.Unreachable($"{list.Kind}: the answer is no list of objects; check Address, and that no login page stands before it");
                    break;
                }
                if (string.IsNullOrEmpty(next)) break;
            }
        }
        return Result(failure);

        ProbeResult Result(ProbeResult? failed) => (failed ?? new ProbeResult()) with { Facts = [.. harvest.Facts.Where(IsAsked)], Calls = calls, Diagnostics = [.. harvest.Diagnostics] };

        bool IsAsked(Fact fact) => batch.SweepSince is not null || batch.Keys.Contains(fact.Subject) || fact.Links.Any(l => batch.Keys.Contains(l));
    }

    private static ProbeResult Failure(SourceAnswer answer, ObjectList list) => new()
    {
        Outcome = answer.Kind == SourceAnswerKind.RateLimited ? ProbeOutcome.RateLimited : ProbeOutcome.Unreachable,
        Detail = answer.Kind == SourceAnswerKind.Missing
            ? $"{list.Kind}: {answer.Detail}; check Address, Namespaces, and that its resources are installed"
            : $"{list.Kind}: {answer.Detail ?? "nothing was answered"}",
        RetryAt = answer.RetryAt,
    };

    private bool Read(ReadOnlyMemory<byte> body, ObjectList list, Harvest harvest, out string? next)
    {
        next = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            // An empty list of Argo CD has null for its items.
            if (root.ValueKind != JsonValueKind.Object || (root.Member("items") is null && root.Member("metadata") is null)) return false;
            foreach (var item in root.Elements("items"))
                if (item.Text("kind") is null) ReadWithKind(item, list.Kind, harvest);
                else if (reader.Reads(item)) reader.Read(item, settings, harvest);
            next = root.Text("metadata", "continue");
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Items of a list often leave their kind out, since it is that of the list.
    private void ReadWithKind(JsonElement item, string kind, Harvest harvest)
    {
        if (item.ValueKind != JsonValueKind.Object) return;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            foreach (var member in item.EnumerateObject())
                if (member.Name is "metadata" or "spec" or "status")
                    member.WriteTo(json);
            json.WriteEndObject();
        }
        using var named = JsonDocument.Parse(buffer.WrittenMemory);
        if (reader.Reads(named.RootElement)) reader.Read(named.RootElement, settings, harvest);
    }

    private string? ReadToken()
    {
        try
        {
            var file = new FileInfo(settings.TokenFile!);
            if (file.Length > MaxTokenBytes) return null;
            return File.ReadAllText(file.FullName).Trim() is { Length: > 0 } token && !token.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c) || !char.IsAscii(c)) ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
