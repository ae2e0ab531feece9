using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>How one probe goes: what it has read and what went wrong. Facts read before a failure are kept. Not safe for use by several threads.</summary>
internal sealed class HostSession(HostSettings settings, HostClient client, int allowance)
{
    private ProbeOutcome _outcome;
    private string? _detail;
    private DateTimeOffset? _retryAt;
    private int _spent;
    private bool _outOfAllowance;

    public HostSettings Settings => settings;

    public Harvest Harvest { get; } = new();

    public DateTimeOffset? SweptUntil { get; set; }

    /// <summary>Whether nothing more can be read in this probe.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Reads a path. A failure that concerns everything stops the session; one that concerns this path alone is the caller's to judge.</summary>
    public async Task<HostAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        if (IsStopped) return new HostAnswer(SourceAnswerKind.Unreachable, default);
        if (_spent >= allowance)
        {
            _outOfAllowance = true;
            return Stop(ProbeOutcome.RateLimited, $"{settings.System}:CallsPerHour leaves no more calls now");
        }
        if (client.HeldBackUntil is { } until)
        {
            _retryAt = until;
            return Stop(ProbeOutcome.RateLimited, $"{settings.System}:MinRemainingRequests leaves the rest of the rate window to others");
        }
        _spent++;
        var (answer, read) = await client.GetAsync(path, cancellationToken).ConfigureAwait(false);
        switch (answer.Kind)
        {
            case SourceAnswerKind.RateLimited:
                _retryAt = answer.RetryAt;
                return Stop(ProbeOutcome.RateLimited, answer.Detail);
            case SourceAnswerKind.Unreachable:
                _retryAt = answer.RetryAt;
                return Stop(ProbeOutcome.Unreachable, answer.Detail is { } detail && detail.StartsWith(settings.System, StringComparison.Ordinal) ? detail : $"{settings.System}: {answer.Detail}");
            default:
                return read;
        }
    }

    /// <summary>Part of what was asked is unknown: "reached" would say that what is not mentioned is not there.</summary>
    public void Blind(string detail)
    {
        Harvest.Diagnostics.Add(detail);
        if (_outcome != ProbeOutcome.Reached) return;
        _outcome = ProbeOutcome.Unreachable;
        _detail = detail;
    }

    /// <summary>Says that something could not be read, when that is so.</summary>
    /// <returns>Whether it was found.</returns>
    public bool Expect(HostAnswer answer, string about, JsonValueKind kind)
    {
        if (IsStopped) return false;
        if (answer.IsFound && answer.Root.ValueKind == kind) return true;
        if (answer.Kind == SourceAnswerKind.Missing) Harvest.Diagnostics.Add($"{about}: {settings.System} does not show it (yet)");
        else if (answer.Kind == SourceAnswerKind.Forbidden) Blind($"{about}: {settings.System}:Token may not read it; give the token access to it");
        else Blind($"{about}: {settings.System}'s answer is not of its documented form; check {settings.System}:BaseAddress");
        return false;
    }

    /// <summary>Reads one object of an answer. Text that JSON allows and no key can hold must not stop the others.</summary>
    public void Guard(string about, Action read)
    {
        try
        {
            read();
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            Harvest.Diagnostics.Add($"{about}: a value cannot be read and counts as no evidence");
        }
    }

    public ProbeResult Result() => new()
    {
        Outcome = _outcome,
        Facts = [.. Harvest.Facts.Distinct()],
        History = [.. Harvest.History],
        Detail = _detail,
        RetryAt = _outOfAllowance ? null : _retryAt,
        Calls = _spent,
        SweptUntil = SweptUntil,
        RemainingRequests = client.Remaining,
        Diagnostics = [.. Harvest.Diagnostics.Distinct(StringComparer.Ordinal)],
    };

    private HostAnswer Stop(ProbeOutcome outcome, string? detail)
    {
        IsStopped = true;
        _outcome = outcome;
        _detail = detail;
        return new HostAnswer(SourceAnswerKind.Unreachable, default) { Detail = detail };
    }
}
