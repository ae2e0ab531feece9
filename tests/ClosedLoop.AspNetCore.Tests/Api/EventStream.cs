using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace ClosedLoop.AspNetCore.Tests.Api;

/// <summary>A client of server-sent events as the standard has it: an event counts once its blank line has come.</summary>
internal sealed class EventStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    /// <summary>Comments so far.</summary>
    public int Comments { get; private set; }

    public static async Task<EventStream> OpenAsync(LoopHost host, string path, long? lastEventId = null, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", LoopHost.Token("agent:builder-7"));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId.ToString());
        var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        return new EventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken)));
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<(long Id, string Name, JsonElement Data)?> NextAsync(CancellationToken cancellationToken = default)
    {
        long id = 0;
        string name = "message", data = "";
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length == 0) continue;
                using var json = JsonDocument.Parse(data);
                return (id, name, json.RootElement.Clone());
            }
            if (line[0] == ':') Comments++;
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture);
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data += line[6..];
        }
        return null;
    }

    /// <summary>Reads lines until a comment comes.</summary>
    public async Task CommentAsync()
    {
        while (await reader.ReadLineAsync() is { } line)
            if (line.StartsWith(':')) return;
        Assert.Fail("the stream ended");
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
