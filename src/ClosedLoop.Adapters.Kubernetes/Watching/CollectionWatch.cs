using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using ClosedLoop.Adapters.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.Kubernetes.Watching;

/// <summary>
/// Watches one collection for ever: lists for a version, watches from it, goes on from the last version when the watch closes, and lists again when
/// that has expired. It tells only that something changed: the probe reads what.
/// </summary>
internal sealed partial class CollectionWatch(KubernetesClient client, string path, string? selector, Action<string> changed, TimeProvider time, ILogger logger)
{
    // The server closes the watch by then; kubectl asks for 5 to 10 minutes.
    private const int TimeoutSeconds = 300;
    private const int MaxLineBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? version = null;
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            version ??= await ListAsync(cancellationToken).ConfigureAwait(false);
            bool isGood = false;
            if (version is { } from) (version, isGood) = await WatchAsync(from, cancellationToken).ConfigureAwait(false);
            // A server that closes each watch at once must not be asked without end.
            pause = isGood ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<string?> ListAsync(CancellationToken cancellationToken)
    {
        var list = await client.HeadAsync(path, selector, cancellationToken).ConfigureAwait(false);
        if (list.Failure is { Detail: { } detail }) LogFailed(logger, path, detail);
        // What happened before the list was told by no watch.
        if (list.ResourceVersion is { } version) changed($"{path}@{version}");
        return list.ResourceVersion;
    }

    private async ValueTask<(string? Version, bool IsGood)> WatchAsync(string from, CancellationToken cancellationToken)
    {
        string? version = from;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(TimeoutSeconds) + Grace, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            string query = $"{path}?watch=1&allowWatchBookmarks=true&timeoutSeconds={TimeoutSeconds}&resourceVersion={Uri.EscapeDataString(from)}{(selector is null ? "" : $"&labelSelector={Uri.EscapeDataString(selector)}")}";
            using var response = await client.OpenAsync(query, linked.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Gone) return (null, true);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                LogFailed(logger, path, $"the watch was refused (HTTP {(int)response.StatusCode}); give the Role the verb watch, or set Kubernetes:Watch to false");
                return (null, false);
            }
            var lines = PipeReader.Create(await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false));
            try
            {
                while (true)
                {
                    var read = await lines.ReadAsync(linked.Token).ConfigureAwait(false);
                    var buffer = read.Buffer;
                    while (buffer.PositionOf((byte)'\n') is { } end)
                    {
                        var line = WatchLine.Read(buffer.Slice(0, end));
                        buffer = buffer.Slice(buffer.GetPosition(1, end));
                        if (line.Kind == WatchLineKind.Expired) return (null, true);
                        if (line.Kind == WatchLineKind.Failed) return (null, false);
                        if (line.ResourceVersion is not { } next) continue;
                        version = next;
                        if (line.Kind == WatchLineKind.Changed) changed($"{path}@{next}");
                    }
                    if (buffer.Length > MaxLineBytes) return (null, false);
                    lines.AdvanceTo(buffer.Start, buffer.End);
                    if (read.IsCompleted) return (version, true);
                }
            }
            finally
            {
                await lines.CompleteAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            return (version, true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            LogFailed(logger, path, $"the watch broke off ({(e as HttpRequestException)?.HttpRequestError.ToString() ?? e.GetType().Name})");
            return (version, false);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Watching {Path}: {Detail}. Polling goes on, and the watch is tried again")]
    private static partial void LogFailed(ILogger logger, string path, string detail);
}
