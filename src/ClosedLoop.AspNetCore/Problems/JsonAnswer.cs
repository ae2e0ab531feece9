using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Problems;

internal sealed class JsonAnswer<T>(int status, T body, JsonTypeInfo<T> type) : Answer(status)
{
    /// <summary>The address of what was made.</summary>
    public string? Location { get; init; }

    protected override void AddHeaders(HttpResponse response)
    {
        if (Location is not null) response.Headers.Location = Location;
    }

    protected override byte[] Body(out string contentType)
    {
        contentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeToUtf8Bytes(body, type);
    }
}
