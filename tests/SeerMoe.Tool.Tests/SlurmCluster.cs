using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>A Slurm of this machine alone: munged, slurmctld and slurmd in a temporary folder, on free ports, until the tests are over.</summary>
public sealed class SlurmCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Packages = ["slurmctld", "slurmd", "munged", "sbatch", "squeue", "scontrol"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _daemons = [];

    /// <summary>Why there is none; null when it runs.</summary>
    public string? Absent { get; private set; }

    private string Configuration => _folder["slurm.conf"];

    public async ValueTask InitializeAsync()
    {
        Absent = !OperatingSystem.IsLinux() || Environment.UserName != "root" ? "Slurm's daemons are started by root on Linux."
            : Packages.FirstOrDefault(name => Find(name) is null) is { } missing ? $"There is no {missing}: apt-get install --no-install-recommends slurm-wlm munge slurm-wlm-basic-plugins"
            : null;
        if (Absent is not null)
        {
            return;
        }

        Directory.CreateDirectory(_folder["state"]);
        Directory.CreateDirectory(_folder["spool"]);
        WriteKey();
        File.WriteAllText(Configuration, Text());
        Start("munged", "--foreground", "--force", $"--key-file={_folder["munge.key"]}", $"--socket={_folder["munge.socket"]}", $"--pid-file={_folder["munged.pid"]}", $"--log-file={_folder["munged.log"]}", $"--seed-file={_folder["munged.seed"]}");
        await Until(() => Task.FromResult(File.Exists(_folder["munge.socket"])));
        Start("slurmctld", "-D", "-i", "-f", Configuration);
        Start("slurmd", "-D", "-f", Configuration);
        await Until(async () => (await Call("sinfo", "--noheader", "--format=%T")).Output.Trim() == "idle");
    }

    /// <summary>A command that sees this cluster and no other.</summary>
    public async Task<Seer> Call(string command, params string[] arguments)
    {
        using var process = Begin(command, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Seer(process.ExitCode, await output, await error);
    }

    public Process Begin(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(command) ?? command, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Configuration;
        return Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            daemon.Kill();
            await daemon.WaitForExitAsync();
            daemon.Dispose();
        }

        _folder.Dispose();
    }

    private void Start(string command, params string[] arguments)
    {
        var daemon = Begin(command, arguments);
        daemon.OutputDataReceived += Ignore;
        daemon.ErrorDataReceived += Ignore;
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        _daemons.Add(daemon);

        static void Ignore(object sender, DataReceivedEventArgs line)
        {
            // It writes logs of its own; an unread pipe would fill up and stop it.
        }
    }

    private void WriteKey()
    {
        File.WriteAllBytes(_folder["munge.key"], RandomNumberGenerator.GetBytes(1024));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["munge.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private string Text()
    {
        var host = Environment.MachineName.Split('.')[0];
        return $"""
            ClusterName=seer
            SlurmctldHost={host}(127.0.0.1)
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            AuthType=auth/munge
            AuthInfo=socket={_folder["munge.socket"]}
            SlurmUser=root
            StateSaveLocation={_folder["state"]}
            SlurmdSpoolDir={_folder["spool"]}
            SlurmctldPidFile={_folder["slurmctld.pid"]}
            SlurmdPidFile={_folder["slurmd.pid"]}
            SlurmctldLogFile={_folder["slurmctld.log"]}
            SlurmdLogFile={_folder["slurmd.log"]}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
            NodeName={host} NodeAddr=127.0.0.1 CPUs={Environment.ProcessorCount} State=UNKNOWN
            PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP

            """;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Find(string command) =>
        new[] { "/usr/sbin", "/usr/local/sbin" }.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);

    private async Task Until(Func<Task<bool>> isSo)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo(); await Task.Delay(100))
        {
            if (clock.Elapsed > Patience)
            {
                var logs = string.Join('\n', Directory.EnumerateFiles(_folder.Path, "*.log").Select(log => $"{log}:\n{File.ReadAllText(log)}"));
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Slurm did not start within {Patience.TotalSeconds} s.\n{logs}"));
            }
        }
    }
}
