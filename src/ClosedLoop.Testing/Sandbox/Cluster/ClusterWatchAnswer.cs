using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>
/// Answers a watch: one line for each change after a version, until the time that was asked for is over. A bookmark each minute and at
/// the end says how far it got; a version that is forgotten ends it at once (410).
/// </summary>
internal sealed class ClusterWatchAnswer(WorldState world, ClusterCollection collection, ObjectSelector selector)
{
    private const int DefaultSeconds = 1_800;

    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    public async Task WriteAsync(HttpContext context)
    {
        var query = context.Request.Query;
        long latest;
        lock (world.Lock) latest = world.Cluster.Version;
        // Without a version it begins with all that is there.
        long? from = null;
        if (query["resourceVersion"].ToString() is { Length: > 0 } text and not "0")
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version))
            {
                await ClusterApi.StatusAsync(context, StatusCodes.Status400BadRequest, "BadRequest", "invalid resource version").ConfigureAwait(false);
                return;
            }
            if (version > latest)
            {
                await ClusterApi.StatusAsync(context, StatusCodes.Status504GatewayTimeout, "Timeout", "Too large resource version").ConfigureAwait(false);
                return;
            }
            from = version;
        }
        int seconds = int.TryParse(query["timeoutSeconds"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked > 0 ? asked : DefaultSeconds;
        context.Response.ContentType = "application/json";
        try
        {
            await StreamAsync(context, from, TimeSpan.FromSeconds(seconds), query["allowWatchBookmarks"].ToString() is "1" or "true").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever watched has gone.
        }
    }

    private async Task StreamAsync(HttpContext context, long? from, TimeSpan lasts, bool hasBookmarks)
    {
        long started = world.Time.GetTimestamp();
        while (true)
        {
            List<ClusterChange>? changes;
            Task next;
            bool isClosed;
            lock (world.Lock)
            {
                var cluster = world.Cluster;
                changes = from is { } version ? cluster.ChangesAfter(collection, version) : [.. cluster.List(collection).Select(static o => new ClusterChange(ClusterChange.Added, o))];
                (from, next, isClosed) = (cluster.Version, cluster.NextChange, cluster.IsClosed);
            }
            if (changes is null)
            {
                await LineAsync(context, "ERROR", ClusterApi.Status(StatusCodes.Status410Gone, "Expired", "too old resource version")).ConfigureAwait(false);
                return;
            }
            foreach (var change in changes)
                if (selector.Takes(change.Object)) await LineAsync(context, change.Type, change.Object.Show(inList: false)).ConfigureAwait(false);
            // Also before the first line: whoever watches waits for the headers.
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            var rest = lasts - world.Time.GetElapsedTime(started);
            bool isOver = isClosed || rest <= TimeSpan.Zero;
            if ((isOver || !await IsChangedAsync(next, rest < BookmarkInterval ? rest : BookmarkInterval, context.RequestAborted).ConfigureAwait(false)) && hasBookmarks)
                await LineAsync(context, "BOOKMARK", Bookmark(from.Value)).ConfigureAwait(false);
            if (isOver) return;
        }
    }

    private async ValueTask<bool> IsChangedAsync(Task next, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(wait, world.Time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private JsonObject Bookmark(long version) => new()
    {
        ["kind"] = collection.Kind,
        ["apiVersion"] = collection.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = DeploymentJson.Number(version), ["creationTimestamp"] = null },
    };

    private static async Task LineAsync(HttpContext context, string type, JsonObject json)
    {
        await context.Response.Body.WriteAsync(WebhookSignature.Bytes(new JsonObject { ["type"] = type, ["object"] = json }), context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
    }
}
