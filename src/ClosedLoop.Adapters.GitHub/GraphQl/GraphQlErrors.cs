using System.Text.Json;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>The errors of an answer, which come with status 200 and beside partial data: an alias that is null is unknown, not closed.</summary>
internal sealed class GraphQlErrors
{
    private readonly List<(string[] Path, Entry Error)> _errors = [];

    /// <summary>One error.</summary>
    public readonly record struct Entry(string Type, string Message);

    public bool IsRateLimited { get; private init; }

    /// <summary>The first message, or null when there is no error.</summary>
    public string? First => _errors.Count == 0 ? null : _errors[0].Error.Message;

    /// <summary>The first error, or null.</summary>
    public Entry? FirstEntry => _errors.Count == 0 ? null : _errors[0].Error;

    /// <summary>The first error that names no place in the answer, or null: then any part of it may be missing.</summary>
    public Entry? Anywhere
    {
        get
        {
            foreach (var (at, error) in _errors)
                if (at.Length == 0)
                    return error;
            return null;
        }
    }

    public static GraphQlErrors Read(JsonElement root)
    {
        var errors = new List<(string[], Entry)>();
        foreach (var error in root.Items("errors"))
        {
            string[] path = [.. error.Items("path").Select(static p => p.ValueKind == JsonValueKind.String ? p.AsText() ?? "" : p.GetRawText())];
            string message = error.Text("message") ?? "no message";
            errors.Add((path, new Entry(error.Text("type") ?? "UNKNOWN", message.Length > 300 ? message[..300] : message)));
        }
        var result = new GraphQlErrors { IsRateLimited = errors.Exists(static e => e.Item2.Type is "RATE_LIMITED" or "RATE_LIMIT") };
        result._errors.AddRange(errors);
        return result;
    }

    /// <summary>The error at a path or below it, or null.</summary>
    public Entry? At(params ReadOnlySpan<string> path)
    {
        foreach (var (at, error) in _errors)
            if (at.AsSpan().StartsWith(path))
                return error;
        return null;
    }
}
