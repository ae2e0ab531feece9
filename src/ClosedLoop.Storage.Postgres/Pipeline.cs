using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Statements that go to the server in one round trip and, outside of a transaction, are one of their own: all of them or none.</summary>
internal sealed class Pipeline
{
    private readonly List<NpgsqlBatchCommand> _commands = [];

    public int Count => _commands.Count;

    [SuppressMessage("Security", "CA2100", Justification = "All SQL is this assembly's own text; values are bound.")]
    public void Add(string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(value);
        _commands.Add(command);
    }

    /// <summary>Runs the statements and reads their answers; reads on to the end, because only the server's last word says that all of it is so.</summary>
    public async Task<T> RunAsync<T>(NpgsqlConnection connection, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        var batch = Batch(connection);
        await using (batch.ConfigureAwait(false))
        {
            var rows = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                var result = await read(rows).ConfigureAwait(false);
                while (await rows.NextResultAsync(cancellationToken).ConfigureAwait(false)) continue;
                return result;
            }
        }
    }

    /// <summary>Runs the statements.</summary>
    /// <returns>How many rows they changed.</returns>
    public async Task<int> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var batch = Batch(connection);
        await using (batch.ConfigureAwait(false)) return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs one statement and reads its rows.</summary>
    public static Task<List<T>> ListAsync<T>(NpgsqlConnection connection, string sql, NpgsqlParameter[] values, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        var pipeline = new Pipeline();
        pipeline.Add(sql, values);
        return pipeline.RunAsync(connection, rows => ListAsync(rows, row, cancellationToken), cancellationToken);
    }

    /// <summary>Reads the rows of the present statement.</summary>
    public static async Task<List<T>> ListAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false)) list.Add(row(rows));
        return list;
    }

    public static NpgsqlParameter Number(long value) => new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Texts(string?[] values) => new NpgsqlParameter<string?[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Numbers(long[] values) => new NpgsqlParameter<long[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    public static NpgsqlParameter Numbers(long?[] values) => new NpgsqlParameter<long?[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    public static NpgsqlParameter Codes(short[] values) => new NpgsqlParameter<short[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint };

    public static NpgsqlParameter Flags(bool[] values) => new NpgsqlParameter<bool[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean };

    public static NpgsqlParameter Bytes(byte[][] values) => new NpgsqlParameter<byte[][]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    private NpgsqlBatch Batch(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var command in _commands) batch.BatchCommands.Add(command);
        return batch;
    }
}
