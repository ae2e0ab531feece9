namespace ClosedLoop.Insights.Cost;

/// <summary>Money that was spent.</summary>
/// <param name="Kind">On what.</param>
/// <param name="Amount">How much.</param>
/// <param name="Currency">Its currency, such as <c>USD</c>.</param>
public sealed record CostEntry(CostKind Kind, decimal Amount, string Currency = "USD")
{
    /// <summary>The change that it was spent for; null when it is shared.</summary>
    public string? Change { get; init; }

    /// <summary>The version of the price table that it was computed with; null for an invoice.</summary>
    public string? PriceTable { get; init; }

    /// <summary>When it was spent.</summary>
    public DateTimeOffset? At { get; init; }
}
