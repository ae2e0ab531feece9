using System.Buffers;
using System.IO.Pipelines;

namespace ClosedLoop.Cli.Reading;

/// <summary>
/// The data of server-sent events (WHATWG HTML, 9.2), one after another. It ends when the service ends it, when nothing at all comes for
/// <see cref="Patience"/>, and at an event that is larger than <see cref="MaxEvent"/>.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    /// <summary>A service that lives says so every 15 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>The largest event that is taken: 4 MB.</summary>
    public const int MaxEvent = 4 * 1024 * 1024;

    private readonly PipeReader _reader;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _data = new();

    public EventStream(Stream stream, TimeProvider time) => (_reader, _time) = (PipeReader.Create(stream), time);

    /// <summary>The next event's data, valid until the next call; null at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        _data.ResetWrittenCount();
        while (true)
        {
            ReadResult read;
            using var silence = new CancellationTokenSource(Patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
            try
            {
                read = await _reader.ReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return null;
            }
            var rest = read.Buffer;
            bool isWhole = TryEvent(ref rest);
            _reader.AdvanceTo(rest.Start, isWhole ? rest.Start : rest.End);
            if (isWhole) return _data.WrittenMemory;
            // What the end cuts off is no event.
            if (read.IsCompleted || rest.Length + _data.WrittenCount > MaxEvent) return null;
        }
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    // An empty line ends an event; one without data is none.
    private bool TryEvent(ref ReadOnlySequence<byte> rest)
    {
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            byte[] text = line.ToArray();
            var field = text.AsSpan().TrimEnd((byte)'\r');
            if (field.IsEmpty && _data.WrittenCount > 0) return true;
            if (!field.StartsWith("data:"u8)) continue;
            if (_data.WrittenCount > 0) _data.Write("\n"u8);
            _data.Write(field["data:"u8.Length..]);
        }
        return false;
    }
}
