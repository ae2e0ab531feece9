using ClosedLoop.Facts;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Restart;

/// <summary>A store that tells when it is ready and when the engine has first got due rows of items from it; everything is passed on.</summary>
internal sealed class FirstClaim(ILoopStore store) : StoreShell(store)
{
    private readonly long _start = Clock.Start();
    private readonly TaskCompletionSource<(double Seconds, int Rows)> _claimed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Since this was made.</summary>
    public double OpenSeconds { get; private set; }

    /// <summary>When, since this was made, and how many.</summary>
    public Task<(double Seconds, int Rows)> Claimed => _claimed.Task;

    public override async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        await base.InitializeAsync(cancellationToken);
        OpenSeconds = Clock.Seconds(_start);
    }

    public override async ValueTask<IReadOnlyList<DueClaim>> ClaimDueAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        var claims = await base.ClaimDueAsync(request, cancellationToken);
        int rows = claims.Count(static c => c.Subject.Is(KeySchemes.Item));
        if (rows > 0) _claimed.TrySetResult((Clock.Seconds(_start), rows));
        return claims;
    }
}
