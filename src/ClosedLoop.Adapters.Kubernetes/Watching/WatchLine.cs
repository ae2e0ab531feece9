using System.Buffers;
using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Watching;

/// <summary>One line of a watch (wire.md 6.5). Pure.</summary>
internal readonly record struct WatchLine(WatchLineKind Kind, string? ResourceVersion = null)
{
    private const int Gone = 410;

    // Versions are decimal numbers of a server's own making; what is longer is none.
    private const int MaxVersionLength = 128;

    public static WatchLine Read(in ReadOnlySequence<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            var json = JsonElement.ParseValue(ref reader);
            string? version = json.Text("object", "metadata", "resourceVersion");
            if (version is not { Length: > 0 and <= MaxVersionLength }) version = null;
            return json.Text("type") switch
            {
                "ADDED" or "MODIFIED" or "DELETED" => new(WatchLineKind.Changed, version),
                "BOOKMARK" => new(WatchLineKind.Bookmark, version),
                "ERROR" when json.Member("object")?.Number("code") == Gone => new(WatchLineKind.Expired),
                "ERROR" => new(WatchLineKind.Failed),
                _ => new(WatchLineKind.Unknown),
            };
        }
        catch (JsonException)
        {
            return new(WatchLineKind.Failed);
        }
        catch (InvalidOperationException)
        {
            return new(WatchLineKind.Failed);
        }
    }
}
