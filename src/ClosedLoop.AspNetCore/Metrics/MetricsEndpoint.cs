using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Metrics;

/// <summary>Answers scrapes. However many there are, the record is read once a second at most.</summary>
internal sealed class MetricsEndpoint(ApiAccess access, InstrumentListener instruments, RecordGauges gauges, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private string _text = "";
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    public void Dispose() => _reading.Dispose();

    public async ValueTask<Answer> ScrapeAsync(HttpContext context)
    {
        if (access.Refuse(access.Identify(context), ReaderOrWriter.Reader) is { } refusal) return refusal;
        await _reading.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            if (now - _readAt >= Fresh || now < _readAt)
            {
                var record = await gauges.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                _text = PrometheusText.Write([.. instruments.Read(), .. record]);
                _readAt = now;
            }
            return new TextAnswer(_text, PrometheusText.ContentType);
        }
        finally
        {
            _reading.Release();
        }
    }
}
