using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>Reads and checks parts of a request. Each check gives a problem, or null when the part is good.</summary>
internal static class RequestRead
{
    /// <summary>The most keys in one request.</summary>
    public const int MaxKeys = 100;

    /// <summary>The longest text of one member, in characters.</summary>
    public const int MaxText = 4_000;

    /// <summary>The longest text of one filter, in characters.</summary>
    public const int MaxFilter = 500;

    public static async ValueTask<(T? Value, Problem? Problem)> JsonAsync<T>(HttpContext context, int limit, JsonTypeInfo<T> type, string expected)
        where T : class
    {
        // A browser sends JSON across sites only after asking, so this also keeps a user's cookies from being abused by another site.
        if (!context.Request.HasJsonContentType()) return (null, Problem.NotJson());
        var body = await BoundedBody.ReadAsync(context, limit).ConfigureAwait(false);
        if (body.Problem is not null) return (null, body.Problem);
        if (body.IsTooLarge) return (null, Problem.TooLarge($"At most {limit} bytes are taken."));
        var bytes = body.Bytes.Span;
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        try
        {
            return JsonSerializer.Deserialize(bytes, type) is { } value ? (value, null) : (null, Problem.BadRequest($"The body is null; expected {expected}."));
        }
        catch (JsonException exception)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
            return (null, Problem.BadRequest($"The body cannot be read at {place}; expected {expected}."));
        }
    }

    public static Problem? Id(string? id) =>
        id is not null && Key.TryParse($"{KeySchemes.Item}:{id}", out _)
            ? null
            : Problem.BadRequest("An item's id has 1 to 500 printable characters, such as BL-42, and is not blank.");

    public static Problem? Text(params ReadOnlySpan<(string Member, string? Value)> members)
    {
        foreach (var (member, value) in members)
        {
            if (value is null) continue;
            if (value.Length > MaxText) return Problem.BadRequest($"'{member}' is longer than {MaxText} characters.");
            if (value.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) return Problem.BadRequest($"'{member}' has control characters.");
        }
        return null;
    }

    public static Problem? Keys(IReadOnlyList<string?>? texts, out ImmutableArray<Key> keys)
    {
        keys = [];
        if (texts is null) return null;
        if (texts.Count > MaxKeys) return Problem.BadRequest($"At most {MaxKeys} keys are taken in one request.");
        var read = ImmutableArray.CreateBuilder<Key>(texts.Count);
        foreach (string? text in texts)
        {
            if (!RequestKey.TryParse(text, out var key))
                return Problem.BadRequest($"'keys' has '{Short(text)}', which names nothing that can be linked; expected pr:owner/repo#12, commit:owner/repo@sha, branch:owner/repo@name, build:address, image:sha256:… or a scheme of an adapter.");
            read.Add(key);
        }
        keys = read.DrainToImmutable();
        return null;
    }

    public static Problem? Evidence(EvidenceBody? body, out Evidence? evidence)
    {
        evidence = null;
        if (body is null) return null;
        if (Text(("evidence.url", body.Url), ("evidence.label", body.Label)) is { } problem) return problem;
        evidence = Facts.Evidence.From(body.Url, body.Label);
        return body.Url is not null && evidence.Url is null ? Problem.BadRequest("'evidence.url' must be an absolute http or https address.") : null;
    }

    public static Problem? Limit(HttpContext context, int fallback, int largest, out int limit)
    {
        limit = fallback;
        return Query(context, "limit") is not { } text || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= largest)
            ? null
            : Problem.BadRequest($"'limit' must be 1 to {largest}; the default is {fallback}.");
    }

    public static Problem? Flag(HttpContext context, string name, out bool? value)
    {
        value = null;
        if (Query(context, name) is not { } text) return null;
        if (!bool.TryParse(text, out bool flag)) return Problem.BadRequest($"'{name}' must be true or false.");
        value = flag;
        return null;
    }

    /// <summary>Checks filters: a store must not be asked for text that no record can hold.</summary>
    public static Problem? Filters(HttpContext context, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Query(context, name) is not { } text) continue;
            if (text.Length > MaxFilter) return Problem.BadRequest($"'{name}' is longer than {MaxFilter} characters.");
            if (text.Any(char.IsControl)) return Problem.BadRequest($"'{name}' has control characters.");
        }
        return null;
    }

    public static Problem? After(string? text, out long after)
    {
        after = 0;
        return text is null || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after)
            ? null
            : Problem.BadRequest("'after' must be a sequence number: 'next' of the page before, the id of the last event, or 0.");
    }

    /// <summary>A query parameter's first value; null when it is missing or empty.</summary>
    public static string? Query(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    /// <summary>The item's id in the path. Servers leave an escaped slash as it is, since it is none of the path's own.</summary>
    public static string RouteId(HttpContext context) =>
        ((string?)context.Request.RouteValues["id"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public static string Short(string? text) => text is null ? "null" : text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 79), "…");
}
